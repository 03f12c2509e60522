import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { readOwnForm, requireSameOrigin } from '../shared/web/request.ts';
import { browserOf, serve } from '../shared/web/serve.ts';

/** POST /signin: the sign-in page's form. */
app.http('signin', {
  route: 'signin',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: serve('page', compose, async (request, house, now) => {
    const { showSignIn, signIn } = await import('../shared/flows/sign-in/sign-in.ts');
    if (request.method === 'GET') return showSignIn(house);
    requireSameOrigin(request, house.issuer);
    return signIn(house, await readOwnForm(request), browserOf(request, house), now);
  }),
});
