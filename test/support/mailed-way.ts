import { formOf } from '../../dev/browser.ts';
import { codeOf, secretOf } from '../../dev/walk.ts';
import type { HttpBrowser } from './http-browser.ts';
import { authorizationAnswerOf, type Got, jsonOf } from './http-send.ts';
import { ask, challengeFor, redeem, signInForm } from './http-steps.ts';
import { basic, type HttpWorld, ownForm } from './http-world.ts';
import type { KillableGateway } from './killable-gateway.ts';

export const requests = ['signin', 'otp-verify', 'mfa-enrol', 'token', 'mfa-reset'] as const;

/** Where a busy machine had no time for the mail in the request, the timer sends it once it is due. */
async function mailedCode(gateway: KillableGateway, mail: string): Promise<string> {
  for (let tries = 0; tries < 60; tries++) {
    if (gateway.mailbox.mailsTo(mail).length > 0) break;
    if (tries > 0) await gateway.fireTimer('mail-outbox');
    await gateway.mailbox.waitForMail(mail, { timeoutMs: 1_000 }).catch(() => undefined);
  }
  const { plainText } = await gateway.mailbox.waitForMail(mail, { timeoutMs: 1_000 });
  return (/\b\d{4} \d{4}\b/.exec(plainText)?.[0] ?? '').replace(' ', '');
}

/** One guest's way, a request at a time; the last one given is the one that the gateway dies in. */
export function mailedWay(gateway: KillableGateway, mail: string) {
  // what the steps need of a world is here, too
  const world = gateway as unknown as HttpWorld;
  const browser = gateway.browser();
  const asked = ask(world);
  const post = (of: HttpBrowser, path: string, fields: URLSearchParams): Promise<Got> =>
    of.open(`${gateway.issuer}${path}`, {
      method: 'POST',
      headers: ownForm(gateway.issuer),
      body: fields,
    });
  const authenticator: { secret?: string; lastStep?: number } = {};
  const forms: Partial<Record<(typeof requests)[number], URLSearchParams>> = {};
  let code = '';
  const steps = {
    async signin(): Promise<Got> {
      forms.signin ??= await signInForm(browser, asked);
      forms.signin.set('mail', mail);
      return post(browser, '/signin', forms.signin);
    },
    async 'otp-verify'(): Promise<Got> {
      forms['otp-verify'] ??= formOf((await steps.signin()).text).fields;
      forms['otp-verify'].set('code', await mailedCode(gateway, mail));
      return post(browser, '/otp/verify', forms['otp-verify']);
    },
    async 'mfa-enrol'(): Promise<Got> {
      if (!forms['mfa-enrol']) {
        const page = await steps['otp-verify']();
        forms['mfa-enrol'] = formOf(page.text).fields;
        authenticator.secret = secretOf(page.text);
        forms['mfa-enrol'].set('code', codeOf({ authenticator }));
      }
      return post(browser, '/mfa/enrol', forms['mfa-enrol']);
    },
    async token(): Promise<Got> {
      code ||= authorizationAnswerOf(await steps['mfa-enrol'](), gateway.issuer)?.get('code') ?? '';
      return redeem(world, asked, code);
    },
    async 'mfa-reset'(): Promise<Got> {
      if (!code) await steps.token();
      const got = await gateway.send('/token', {
        method: 'POST',
        headers: basic(gateway.seed.clientId, gateway.seed.clientSecret),
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      return gateway.send('/manage/mfa-reset', {
        method: 'POST',
        headers: {
          authorization: `Bearer ${String(jsonOf(got)['access_token'])}`,
          'content-type': 'application/json',
          'idempotency-key': challengeFor(mail),
        },
        body: JSON.stringify({ mail, reason: 'killed in the middle' }),
      });
    },
  };
  /** Everything before it, done; then it can be tried alone. */
  async function upTo(name: (typeof requests)[number]): Promise<void> {
    switch (name) {
      case 'signin':
        forms.signin = await signInForm(browser, asked);
        return;
      case 'otp-verify':
        forms['otp-verify'] = formOf((await steps.signin()).text).fields;
        await mailedCode(gateway, mail);
        return;
      case 'mfa-enrol': {
        const page = await steps['otp-verify']();
        forms['mfa-enrol'] = formOf(page.text).fields;
        authenticator.secret = secretOf(page.text);
        forms['mfa-enrol'].set('code', codeOf({ authenticator }));
        return;
      }
      case 'token':
        code = authorizationAnswerOf(await steps['mfa-enrol'](), gateway.issuer)?.get('code') ?? '';
        return;
      case 'mfa-reset':
        if ((await steps.token()).status !== 200) throw new Error('no tokens');
    }
  }
  /** Another sign-in in the same browser. */
  async function startOver(): Promise<Got> {
    const form = await signInForm(browser, ask(world));
    form.set('mail', mail);
    return post(browser, '/signin', form);
  }
  return { steps, upTo, startOver };
}
