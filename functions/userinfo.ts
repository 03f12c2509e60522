import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { jsonAnswer, oauthError } from '../shared/web/json.ts';
import { bearerOf, serve } from '../shared/web/serve.ts';

/** GET, POST /userinfo (OpenID Connect Core §5.3): the token in the Authorization header only. */
app.http('userinfo', {
  route: 'userinfo',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: serve('oauth', compose, async (request, house, now) => {
    const { userinfo } = await import('../shared/flows/token/userinfo.ts');
    const bearer = bearerOf(request);
    const claims = bearer === undefined ? undefined : await userinfo(house, bearer, now);
    return claims
      ? jsonAnswer(200, claims)
      : oauthError(401, 'invalid_token', 'the access token is missing or no longer valid');
  }),
});
