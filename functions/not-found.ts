import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { serve } from '../shared/web/serve.ts';

/** GET of any other path: a page that says so. */
app.http('not-found', {
  route: '{*path}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: serve('page', compose, async (_request, house) => {
    const { notFound } = await import('../shared/flows/sign-in/not-found.ts');
    return notFound(house);
  }),
});
