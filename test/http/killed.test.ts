/**
 * The process is killed at every one of its table calls, while a guest comes in by a mailed code. What
 * is stored then is whole: nothing is granted that no decision grants, no second code is mailed for
 * one request, no act is without its record, and the guest goes on or begins again.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { codeOf, secretOf } from '../../dev/walk.ts';
import type { ScannedRow } from '../../shared/ports.ts';
import { authorizationPrefix, authorizationRow } from '../../shared/rows/authorization.ts';
import { guestKey, guestRow } from '../../shared/rows/guest.ts';
import { logRow } from '../../shared/rows/log.ts';
import { readRow, rowsWith } from '../../shared/rows/row.ts';
import type { HttpBrowser } from '../support/http-browser.ts';
import { authorizationAnswerOf, type Got, jsonOf } from '../support/http-send.ts';
import { ask, challengeFor, redeem, signInForm } from '../support/http-steps.ts';
import { basic, type HttpWorld, ownForm } from '../support/http-world.ts';
import { type KillableGateway, mailOf, startKillableGateway } from '../support/killable-gateway.ts';

/** More than any of the requests has. */
const callsMost = 14;
const requests = ['signin', 'otp-verify', 'mfa-enrol', 'token', 'mfa-reset'] as const;

let gateway: KillableGateway;
let guest = 0;
beforeAll(async () => {
  gateway = await startKillableGateway(requests.length * callsMost);
}, 60_000);
afterAll(() => gateway[Symbol.asyncDispose]());

// what the steps need of a world is here, too
const asWorld = () => gateway as unknown as HttpWorld;

const post = (browser: HttpBrowser, path: string, fields: URLSearchParams): Promise<Got> =>
  browser.open(`${gateway.issuer}${path}`, {
    method: 'POST',
    headers: ownForm(gateway.issuer),
    body: fields,
  });

/** Where a busy machine had no time for the mail in the request, the timer sends it once it is due. */
async function mailedCode(mail: string): Promise<string> {
  for (let tries = 0; tries < 60; tries++) {
    if (gateway.mailbox.mailsTo(mail).length > 0) break;
    if (tries > 0) await gateway.fireTimer('mail-outbox');
    await gateway.mailbox.waitForMail(mail, { timeoutMs: 1_000 }).catch(() => undefined);
  }
  const { plainText } = await gateway.mailbox.waitForMail(mail, { timeoutMs: 1_000 });
  return (/\b\d{4} \d{4}\b/.exec(plainText)?.[0] ?? '').replace(' ', '');
}

const distinctCodes = (mail: string): number =>
  new Set(
    gateway.mailbox
      .mailsTo(mail)
      .flatMap(({ plainText }) => /\b\d{4} \d{4}\b/.exec(plainText) ?? []),
  ).size;

/** One guest's way, a request at a time; the last one given is the one that the gateway dies in. */
function way(mail: string) {
  const browser = gateway.browser();
  const asked = ask(asWorld());
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
      forms['otp-verify'].set('code', await mailedCode(mail));
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
      return redeem(asWorld(), asked, code);
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
        await mailedCode(mail);
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
        expect((await steps.token()).status).toBe(200);
    }
  }
  return { browser, steps, upTo };
}

async function rowsOf(table: 'guests' | 'log', from = '', to = '~') {
  const found: ScannedRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await gateway.store.scan(table, { from, to }, { limit: 1000, cursor });
    found.push(...page.rows);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

/** What must hold whenever it died. */
async function holds(mail: string): Promise<void> {
  const rows = await rowsOf('guests');
  const places = new Set(rows.map(({ partition, key }) => `${partition} ${key}`));
  const authorizations = rowsWith(authorizationRow, rows, authorizationPrefix);
  for (const [index, { value }] of authorizations.entries()) {
    if (value.state !== 'code' && value.state !== 'redeemed') continue;
    expect(value.decision).toMatchObject({ outcome: 'grant' });
    const { partition } =
      rows.filter(({ key }) => key.startsWith(authorizationPrefix))[index] ?? {};
    expect(places.has(`${partition} ${value.code?.session}`)).toBe(true);
  }
  const audits = (await rowsOf('log', 'audit.', 'audit/')).map((row) => readRow(logRow, row).value);
  const intents = audits.flatMap((entry) =>
    entry.kind === 'audit' && entry.phase === 'intent' ? [entry.operationId] : [],
  );
  for (const { value } of rowsWith(guestRow, rows, guestKey))
    if (value.lastReset) expect(intents).toContain(value.lastReset.operationId);
  await gateway.fireTimer('mail-outbox');
  expect(distinctCodes(mail)).toBeLessThanOrEqual(1);
}

describe('A120: killed at every table call', () => {
  it.each(requests)('of %s', { timeout: 240_000 }, async (name) => {
    let died = 0;
    for (let n = 1; n <= callsMost; n++) {
      const mail = mailOf(guest++);
      const { browser, steps, upTo } = way(mail);
      await upTo(name);
      if (!(await gateway.killedAt(n, steps[name]))) break;
      died++;
      await holds(mail);
      // the same form once more: an answer, and nothing given twice
      const again = await steps[name]();
      expect(again.status, `call ${n}: ${again.text.slice(0, 200)}`).toBeLessThan(500);
      await holds(mail);
      // and from the start; codes asked for from one address are limited, so not each time
      const fresh = await signInForm(browser, ask(asWorld()));
      fresh.set('mail', mail);
      if (n === 1) expect((await post(browser, '/signin', fresh)).status).toBe(200);
    }
    expect(died).toBeGreaterThan(2);
    expect(died).toBeLessThan(callsMost);
  });
});
