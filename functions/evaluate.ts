import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { admit } from '../shared/flows/admin.ts';
import { evaluate } from '../shared/flows/evaluate.ts';
import { refusalOf } from '../shared/web/admin.ts';
import { evaluateAnswer, readEvaluateBody } from '../shared/web/evaluate-requests.ts';
import { bearerOf, serve } from '../shared/web/serve.ts';

/** POST /v1.0/identity/conditionalAccess/evaluate: What-If. */
app.http('evaluate', {
  route: 'v1.0/identity/conditionalAccess/evaluate',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: serve('graph', compose, async (request, house, now) => {
    const admission = await admit(
      house,
      {
        token: bearerOf(request),
        activity: 'evaluate',
        anyOf: ['Policy.Read.ConditionalAccess'],
      },
      now,
    );
    if (admission.kind !== 'admitted') return refusalOf(admission);
    const read = await readEvaluateBody(request);
    if (read.kind === 'bad') return read.response;
    return evaluateAnswer(house.issuer, await evaluate(house, read.body));
  }),
});
