import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { admit } from '../shared/flows/admin/admit.ts';
import { resetMfa } from '../shared/flows/admin/reset-mfa.ts';
import { readResetRequest, resetAnswer } from '../shared/web/mfa-requests.ts';
import { type Act, serveAdministrators } from '../shared/web/serve-administrators.ts';

const reset: Act = { activity: 'resetMfa', anyOf: ['UserAuthenticationMethod.ReadWrite.All'] };

/** POST /manage/mfa-reset: makes a guest proof up again. */
app.http('mfa-reset', {
  route: 'manage/mfa-reset',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: serveAdministrators(
    compose,
    admit,
    () => reset,
    async (request, house, now, administrator) => {
      const read = await readResetRequest(request);
      if (read.kind === 'bad') return read.response;
      return resetAnswer(await resetMfa(house, { ...read.body, administrator }, now));
    },
  ),
});
