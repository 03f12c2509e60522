import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { type Act, serveAdministrators } from '../shared/web/serve-administrators.ts';

const reset: Act = { activity: 'resetMfa', anyOf: ['UserAuthenticationMethod.ReadWrite.All'] };

/** POST /manage/mfa-reset: makes a guest proof up again. */
app.http('mfa-reset', {
  route: 'manage/mfa-reset',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: serveAdministrators(
    compose,
    () => import('../shared/flows/admin/admit.ts'),
    () => reset,
    async (request, house, now, administrator) => {
      const { readResetRequest, resetAnswer } = await import('../shared/web/mfa-requests.ts');
      const read = await readResetRequest(request);
      if (read.kind === 'bad') return read.response;
      const { resetMfa } = await import('../shared/flows/admin/reset-mfa.ts');
      return resetAnswer(await resetMfa(house, { ...read.body, administrator }, now));
    },
  ),
});
