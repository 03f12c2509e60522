import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { type Act, serveAdministrators } from '../shared/web/serve-administrators.ts';

const whatIf: Act = { activity: 'evaluate', anyOf: ['Policy.Read.ConditionalAccess'] };

/** POST /v1.0/identity/conditionalAccess/evaluate: What-If. */
app.http('evaluate', {
  route: 'v1.0/identity/conditionalAccess/evaluate',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: serveAdministrators(
    compose,
    () => import('../shared/flows/admin/admit.ts'),
    () => whatIf,
    async (request, house, _now, administrator) => {
      const { evaluateAnswer, readEvaluateBody } = await import(
        '../shared/web/evaluate-requests.ts'
      );
      const read = await readEvaluateBody(request);
      if (read.kind === 'bad') return read.response;
      const { evaluate } = await import('../shared/flows/admin/evaluate.ts');
      return evaluateAnswer(house.issuer, await evaluate(house, read.body, administrator));
    },
  ),
});
