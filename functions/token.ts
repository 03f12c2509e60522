import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { oauthError, tokenAnswer } from '../shared/web/json.ts';
import { readForm } from '../shared/web/request.ts';
import { serve } from '../shared/web/serve.ts';

/** POST /token (RFC 6749 §3.2). */
app.http('token', {
  route: 'token',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: serve('oauth', compose, async (request, house, now) => {
    const { values: form, duplicates } = await readForm(request);
    const authorization = request.headers.get('authorization') ?? undefined;
    const { token } = await import('../shared/flows/token/token.ts');
    const answer = await token(house, { form, duplicates, authorization }, now);
    if (answer.kind === 'tokens') return tokenAnswer(answer.body);
    const { status, error, description, reference, more } = answer;
    return oauthError(status, error, description, { ...more, correlation_id: reference });
  }),
});
