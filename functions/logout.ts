import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { readOwnForm, requireSameOrigin } from '../shared/web/request.ts';
import { browserOf, serve } from '../shared/web/serve.ts';

/** GET /logout asks, POST ends this browser's session (OpenID Connect RP-Initiated Logout §2). */
app.http('logout', {
  route: 'logout',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: serve('page', compose, async (request, house, now) => {
    const { askLogOut, logOut } = await import('../shared/flows/session/log-out.ts');
    const browser = browserOf(request, house);
    if (request.method === 'GET') return askLogOut(house, browser);
    requireSameOrigin(request, house.issuer);
    const { values } = await readOwnForm(request);
    return logOut(house, { csrf: values.get('csrf') ?? '', browser }, now);
  }),
});
