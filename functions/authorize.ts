import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { authorize } from '../shared/flows/sign-in/authorize.ts';
import { postedAsGet } from '../shared/web/posted-as-get.ts';
import { readQuery } from '../shared/web/request.ts';
import { browserOf, serve } from '../shared/web/serve.ts';

/** GET /authorize: an app's request. POST: the same in a form, answered by a redirect to GET. */
app.http('authorize', {
  route: 'authorize',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: serve('page', compose, async (request, house, now) =>
    request.method === 'POST'
      ? postedAsGet(request, '/authorize')
      : authorize(house, readQuery(request), browserOf(request, house), now),
  ),
});
