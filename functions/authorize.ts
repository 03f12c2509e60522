import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { postedAsGet } from '../shared/web/posted-as-get.ts';
import { readQuery } from '../shared/web/request.ts';
import { browserOf, serve } from '../shared/web/serve.ts';

/** GET /authorize: an app's request. POST: the same in a form, answered by a redirect to GET. */
app.http('authorize', {
  route: 'authorize',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: serve('page', compose, async (request, house, now) => {
    if (request.method === 'POST') return postedAsGet(request, '/authorize');
    const { authorize } = await import('../shared/flows/sign-in/authorize.ts');
    return authorize(house, readQuery(request), browserOf(request, house), now);
  }),
});
