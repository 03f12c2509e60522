import { app, type HttpRequest } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { readQuery } from '../shared/web/request.ts';
import { browserOf, serve } from '../shared/web/serve.ts';

/** GET /callback/{partner}: the answer of a guest's own identity provider. */
app.http('callback', {
  route: 'callback/{partner}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: serve('page', compose, async (request: HttpRequest, house, now) => {
    readQuery(request); // bounds it; what stands in it twice is the flow's to refuse
    const { callback } = await import('../shared/flows/sign-in/callback.ts');
    return callback(
      house,
      {
        partnerId: request.params['partner'] ?? '',
        parameters: new URL(request.url).searchParams,
        browser: browserOf(request, house),
      },
      now,
    );
  }),
});
