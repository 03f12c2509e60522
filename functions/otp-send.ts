import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { readCodeForm } from '../shared/web/code-form.ts';
import { browserOf, serve } from '../shared/web/serve.ts';

/** POST /otp/send: mails another passcode. POST /signin mails the first, by the same step. */
app.http('otp-send', {
  route: 'otp/send',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: serve('page', compose, async (request, house, now) => {
    const form = await readCodeForm(request, house.issuer);
    const { sendAgain } = await import('../shared/flows/passcode/send-again.ts');
    return sendAgain(house, { ...form, browser: browserOf(request, house) }, now);
  }),
});
