import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { readCodeForm, readHandle } from '../shared/web/code-form.ts';
import { browserOf, serve } from '../shared/web/serve.ts';

/** GET, POST /otp/verify: the mailed passcode. */
app.http('otp-verify', {
  route: 'otp/verify',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: serve('page', compose, async (request, house, now) => {
    const { showPasscode, verifyPasscode } = await import(
      '../shared/flows/passcode/verify-passcode.ts'
    );
    const browser = browserOf(request, house);
    if (request.method === 'GET')
      return showPasscode(house, { handle: readHandle(request), nonce: '', browser }, now);
    const form = await readCodeForm(request, house.issuer);
    return verifyPasscode(house, { ...form, browser }, now);
  }),
});
