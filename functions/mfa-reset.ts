import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { admit } from '../shared/flows/admin.ts';
import { resetMfa } from '../shared/flows/reset-mfa.ts';
import { refusalOf } from '../shared/web/admin.ts';
import { readResetRequest, resetAnswer } from '../shared/web/mfa-requests.ts';
import { bearerOf, serve } from '../shared/web/serve.ts';

/** POST /manage/mfa-reset: makes a guest proof up again. */
app.http('mfa-reset', {
  route: 'manage/mfa-reset',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: serve('graph', compose, async (request, house, now) => {
    const admission = await admit(
      house,
      {
        token: bearerOf(request),
        activity: 'resetMfa',
        anyOf: ['UserAuthenticationMethod.ReadWrite.All'],
      },
      now,
    );
    if (admission.kind !== 'admitted') return refusalOf(admission);
    const read = await readResetRequest(request);
    if (read.kind === 'bad') return read.response;
    const { administrator } = admission;
    return resetAnswer(await resetMfa(house, { ...read.body, administrator }, now));
  }),
});
