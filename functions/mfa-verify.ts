import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { readCodeForm, readHandle } from '../shared/web/code-form.ts';
import { browserOf, serve } from '../shared/web/serve.ts';

/** GET, POST /mfa/verify: asks for its code. */
app.http('mfa-verify', {
  route: 'mfa/verify',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: serve('page', compose, async (request, house, now) => {
    const { secondFactor, showSecondFactor } = await import(
      '../shared/flows/sign-in/second-factor.ts'
    );
    const browser = browserOf(request, house);
    if (request.method === 'GET')
      return showSecondFactor(house, { handle: readHandle(request), browser }, now);
    const form = await readCodeForm(request, house.issuer);
    return secondFactor(house, { ...form, action: 'challenge', browser }, now);
  }),
});
