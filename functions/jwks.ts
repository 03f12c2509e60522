import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { jsonAnswer, openToAnyOrigin } from '../shared/web/json.ts';
import { serve } from '../shared/web/serve.ts';

/** GET /jwks: the keys that tokens are signed with. */
app.http('jwks', {
  route: 'jwks',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: serve('oauth', compose, async (_request, house) =>
    jsonAnswer(
      200,
      { keys: await house.keys.publicKeys() },
      { ...openToAnyOrigin, 'Cache-Control': 'public, max-age=300' },
    ),
  ),
});
