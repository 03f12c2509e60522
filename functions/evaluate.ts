import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { admit } from '../shared/flows/admin/admit.ts';
import { evaluate } from '../shared/flows/admin/evaluate.ts';
import { evaluateAnswer, readEvaluateBody } from '../shared/web/evaluate-requests.ts';
import { type Act, serveAdministrators } from '../shared/web/serve-administrators.ts';

const whatIf: Act = { activity: 'evaluate', anyOf: ['Policy.Read.ConditionalAccess'] };

/** POST /v1.0/identity/conditionalAccess/evaluate: What-If. */
app.http('evaluate', {
  route: 'v1.0/identity/conditionalAccess/evaluate',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: serveAdministrators(
    compose,
    admit,
    () => whatIf,
    async (request, house, _now, administrator) => {
      const read = await readEvaluateBody(request);
      if (read.kind === 'bad') return read.response;
      return evaluateAnswer(house.issuer, await evaluate(house, read.body, administrator));
    },
  ),
});
