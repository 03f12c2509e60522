import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { healthAnswer } from '../shared/web/health-answer.ts';
import { bearerOf, serve } from '../shared/web/serve.ts';

/** GET /health: whether a guest who came now could sign in; to administrators also what fails. */
app.http('health', {
  route: 'health',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: serve('graph', compose, async (request, house, now) => {
    const { health } = await import('../shared/flows/health.ts');
    const { isAdministrator } = await import('../shared/flows/admin/admit.ts');
    return healthAnswer(await health(house), await isAdministrator(house, bearerOf(request), now));
  }),
});
