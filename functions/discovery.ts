import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { metadata } from '../shared/flows/token/discovery.ts';
import { jsonAnswer, oauthError, openToAnyOrigin } from '../shared/web/json.ts';
import { serve } from '../shared/web/serve.ts';

const documents = ['openid-configuration', 'oauth-authorization-server'];

/** GET /.well-known/openid-configuration, GET /.well-known/oauth-authorization-server */
app.http('discovery', {
  route: '.well-known/{document}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: serve('oauth', compose, async (request, house) => {
    const document = new URL(request.url).pathname.split('/').at(-1) ?? '';
    if (!documents.includes(document)) return oauthError(404, 'not_found', 'no such document');
    return jsonAnswer(200, metadata(house), {
      ...openToAnyOrigin,
      'Cache-Control': 'public, max-age=300',
    });
  }),
});
