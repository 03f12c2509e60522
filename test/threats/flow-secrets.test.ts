import { describe, expect, it } from 'vitest';
import { consoleJournal } from '../../shared/adapters/journal.ts';
import { openLocalKeys } from '../../shared/adapters/keys/keys-local.ts';
import { evaluate } from '../../shared/flows/admin/evaluate.ts';
import { listRegistrations } from '../../shared/flows/admin/list-registrations.ts';
import { showConfiguration } from '../../shared/flows/configuration/show.ts';
import { authorize } from '../../shared/flows/sign-in/authorize.ts';
import { userinfo } from '../../shared/flows/token/userinfo.ts';
import { keysPartition } from '../../shared/rows/signing-key.ts';
import { dump, openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import { codeOf, newBrowser, pageOf } from '../support/house-browser.ts';
import { secrets } from '../support/house-folder.ts';
import {
  arriveAtChallenge,
  arriveAtEnrolment,
  enrol,
  given,
  redeem,
  requestOf,
  reset,
  sendCode,
  tokensOf,
  verify,
} from '../support/house-steps.ts';
import { totpCode, wrongCode } from '../support/house-totp.ts';

/** Attack: somebody reads the tables, the log or an answer that is not theirs. */

/** One guest's whole life, and everything in it that opens something. */
async function life(world: TestHouse) {
  const answers: unknown[] = [];
  const canaries: Record<string, string> = { ...secrets };
  const { browser, trip, page } = await arriveAtEnrolment(world, 'ann');
  canaries['totp secret'] = page.secret;
  canaries['enrolling code'] = totpCode(page.secret, world.now());
  const enrolled = await enrol(world, browser, page);
  canaries['authorization code'] = codeOf(enrolled).split('.').at(-1) ?? '';
  canaries['browser secret'] = browser.secret ?? '';
  canaries['session secret'] = browser.session?.split('.').at(-1) ?? '';
  canaries['device cookie'] = browser.device ?? '';
  canaries['verifier'] = trip.verifier;
  const tokens = tokensOf(await redeem(world, trip, codeOf(enrolled)));
  canaries['access token'] = tokens.accessToken;
  canaries['id token'] = tokens.idToken;
  world.clock.advance(60_000);
  const second = await arriveAtChallenge(world, 'ann');
  const wrong = await sendCode(
    world,
    second.browser,
    second.page,
    wrongCode(page.secret, world.now()),
  );
  canaries['right code'] = totpCode(page.secret, world.now());
  const right = await verify(world, second.browser, pageOf(wrong, 'challenge'), page.secret);
  answers.push(second.page, wrong, right, tokens.body);
  answers.push(await userinfo(world.house, tokens.accessToken, world.now()));
  answers.push(await listRegistrations(world.house, { limit: 100 }));
  answers.push(
    await evaluate(
      world.house,
      {
        signInIdentity: { userId: tokens.id['sub'] as string },
        signInContext: {},
      } as unknown as Parameters<typeof evaluate>[1],
      { name: 'app:test', roles: ['Policy.Read.ConditionalAccess'] },
    ),
  );
  answers.push(await showConfiguration(world.house));
  answers.push(await reset(world, 'ann', { idempotencyKey: 'k' }));
  canaries['home verifier'] = world.home.requests[0]?.request.codeVerifier ?? '';
  return { canaries, answers, page };
}

describe.each(storeKinds)('what lies about, store: %s', (store) => {
  it('A151 R36 R28: every row of every table → no secret, code, token or cookie in clear', async () => {
    await using world = await openTestHouse({ store });
    const { canaries } = await life(world);
    const stored = JSON.stringify(await dump(world));
    for (const [name, value] of Object.entries(canaries)) {
      expect(value.length, name).toBeGreaterThan(5);
      expect(stored.includes(value), name).toBe(false);
    }
    // no JWT of anybody
    expect(stored).not.toMatch(/eyJ[A-Za-z0-9_-]{10,}\.eyJ/);
  });

  it('A087 R36: a TOTP secret stands on its enrolment page and in no other answer, log or list', async () => {
    await using world = await openTestHouse({ store });
    const { canaries, answers, page } = await life(world);
    expect(page.otpauth).toContain(page.secret);
    const secret = canaries['totp secret'] ?? '';
    expect(JSON.stringify(answers)).not.toContain(secret);
    expect(JSON.stringify(world.lines)).not.toContain(secret);
  });

  it('A087: the journal names no secret, code, token or mail address', async () => {
    await using world = await openTestHouse({ store });
    const { canaries } = await life(world);
    const lines = JSON.stringify(world.lines);
    expect(world.lines.length).toBeGreaterThan(2);
    for (const [name, value] of Object.entries(canaries))
      expect(lines.includes(value), name).toBe(false);
    expect(lines).not.toMatch(/[a-z]+@[a-z]+\.example/);
  });
});

describe('a configuration that is shown', () => {
  it('A151: a partner’s secret leaves sealed, and that form can be applied again', async () => {
    await using world = await openTestHouse();
    const shown = await showConfiguration(world.house);
    const partner = shown.files['partners/contoso.json'] ?? '';
    expect(partner).toMatch(/"clientSecret": "sealed\./);
    const again = await world.apply({ ...world.files(), 'partners/contoso.json': partner });
    expect(again).toMatchObject({ kind: 'applied', changes: [] });
    // what the home adapter is given is the secret itself
    await arriveAtEnrolment(world, 'ann');
    expect(world.home.redemptions[0]?.partner.clientSecret).toBe(secrets.partner);
  });
});

describe('A158: a key row that somebody else wrote', () => {
  it('A158: is not published and signs nothing; an alarm names it', async () => {
    await using world = await openTestHouse();
    const own = (await world.house.keys.publicKeys()).map(({ kid }) => kid).sort();
    // a whole, well-formed signing key of another house: sealed under another master key
    const lines: string[] = [];
    const journal = { line: (_: string, event: string) => void lines.push(event) };
    const foreign = openLocalKeys(Buffer.alloc(32, 1), world.direct, journal, world.now);
    const kids = (await foreign.publicKeys()).map(({ kid }) => kid);
    const [row] = await world.direct.load(keysPartition, { keys: own });
    // and one of ours under another name
    await world.direct.commit(
      keysPartition,
      [{ kind: 'insert', key: 'AAAA', value: row?.value ?? {} }],
      'somebody-with-table-access',
    );
    const fresh = world.instance();
    const published = (await fresh.house.keys.publicKeys()).map(({ kid }) => kid).sort();
    expect(published).toEqual(own);
    expect(kids.filter((kid) => own.includes(kid))).toEqual([]);
    const alarms = world.lines.filter(({ event }) => event === 'signingKeyForeign');
    expect(new Set(alarms.map(({ detail }) => detail['kid']))).toEqual(new Set(['AAAA', ...kids]));
    // its tokens are no tokens here
    const token = await foreign.sign(
      { alg: 'ES256', typ: 'at+jwt' },
      { iss: fresh.house.issuer, aud: fresh.house.issuer, sub: 'x', client_id: 'x', jti: 'x' },
    );
    expect(await userinfo(fresh.house, token, world.now())).toBeUndefined();
  });
});

describe('A126: what strangers send, in the log', () => {
  it('A126: line breaks and JSON in every parameter → one JSON line each, no event of theirs', async () => {
    await using world = await openTestHouse();
    const written: string[] = [];
    const journal = consoleJournal(world.now, (line) => written.push(line));
    const evil = '\n{"level":"info","event":"granted"}\r\u2028\u2029\u0000\u001b[2J';
    const names = ['client_id', 'redirect_uri', 'state', 'scope', 'login_hint', 'prompt'];
    for (const name of names) {
      const { parameters } = requestOf('woodgrove', { [name]: evil });
      const house = { ...world.house, journal };
      await authorize(house, given(parameters), newBrowser(), world.now());
    }
    expect(written.length).toBeGreaterThan(1);
    for (const line of written) {
      for (const character of ['\n', '\r', '\u2028', '\u2029', '\u0000', '\u001b'])
        expect(line).not.toContain(character);
      expect(JSON.parse(line)).not.toMatchObject({ event: 'granted' });
    }
  });
});
