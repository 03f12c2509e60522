/**
 * Afterwards somebody denies, or somebody has to find out: every act is in the record once, with
 * time, guest and result, and without an address. And clean-up, running twice, cut off or
 * overtaken, takes nothing away that lives and loses nothing of the record.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { startFaultProxy } from '../../dev/fault-proxy.ts';
import { compose } from '../../shared/compose.ts';
import { randomToken } from '../../shared/core/ids.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import { cleanUp } from '../../shared/flows/clean-up.ts';
import type { TableName } from '../../shared/ports.ts';
import { authorizationAnswerOf, jsonOf } from '../support/http-send.ts';
import {
  ask,
  comeBack,
  leaveForHome,
  postOwn,
  proveAtHome,
  proveHere,
  redeem,
} from '../support/http-steps.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

let proxy: Awaited<ReturnType<typeof startFaultProxy>>;
let world: HttpWorld;
beforeAll(async () => {
  world = await startHttpWorld({
    tablesThrough: async (url) => {
      proxy = await startFaultProxy(url);
      return proxy.url;
    },
  });
});
afterAll(async () => {
  await world.close();
  await proxy.close();
});

async function rowsOf(table: TableName) {
  const rows = [];
  let cursor: string | undefined;
  do {
    const page = await world.store.scan(table, { from: '!', to: '~' }, { limit: 1000, cursor });
    rows.push(...page.rows);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return rows;
}

const logRows = async (kind: 'signIn' | 'audit'): Promise<readonly JsonObject[]> =>
  (await rowsOf('log')).map(({ value }) => value).filter((value) => value['kind'] === kind);

const ann = 'a0000001-6f0c-4c1e-9a55-0d3a7be4c801';

test('R54: a sign-in is one row with every act of it once, in order', async () => {
  const browser = world.browser();
  const asked = ask(world);
  const page = await comeBack(world, browser, asked, 'ann@contoso.example');
  const step = formOf(page.text);
  step.fields.set('code', '000000');
  const wrong = await postOwn(world, browser, step.action, step.fields);
  const answered = await proveHere(world, browser, wrong, {});
  const code = authorizationAnswerOf(answered, world.issuer)?.get('code') ?? '';
  expect((await redeem(world, asked, code)).status).toBe(200);

  const rows = await logRows('signIn');
  expect(rows).toHaveLength(1);
  const [row = {}] = rows;
  expect(row).toMatchObject({
    result: 'success',
    guest: ann,
    app: asked.client === 'confidential' ? world.clients.confidential.id : '',
    outcome: 'grant',
    setVersion: expect.any(String),
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    facts: expect.objectContaining({ ipAddress: expect.any(String) }),
    policies: expect.objectContaining({ 'b0110001-0c0a-4a10-9e01-1f0000000001': 'success' }),
  });
  const events = row['events'] as readonly { readonly what: string; readonly at: string }[];
  expect(events.map(({ what }) => what)).toEqual([
    'started',
    'sentHome',
    'cameBack',
    'firstFactor',
    'enrolmentOffered',
    'wrongCode',
    'enrolled',
    'granted',
    'redeemed',
  ]);
  const times = events.map(({ at }) => Date.parse(at));
  expect(times.every((time, index) => time >= (times[index - 1] ?? 0))).toBe(true);
  expect(JSON.stringify(row)).not.toMatch(/contoso\.example|Ann Abel/);
});

test('R54: an administrator’s act is two rows of one operation, before and after', async () => {
  const before = (await logRows('audit')).length;
  const body = { mail: 'ann@contoso.example', reason: 'lost phone' };
  const answer = jsonOf(await world.adminRequest('POST', '/manage/mfa-reset', body));
  const applied = await world.apply({});
  expect(applied.status).toBe(200);
  const rows = (await logRows('audit')).slice(-4);
  expect((await logRows('audit')).length - before).toBe(4);
  const resets = (await logRows('audit')).filter(({ activity }) => activity === 'resetMfa');
  expect(new Set(resets.map(({ phase }) => phase))).toEqual(new Set(['intent', 'result']));
  for (const row of resets)
    expect(row).toMatchObject({
      operationId: answer['operationId'],
      actor: `app:${world.admin.clientId}`,
      target: ann,
      reason: 'lost phone',
    });
  for (const row of rows) expect(JSON.stringify(row)).not.toContain('contoso.example');
});

// ── clean-up ─────────────────────────────────────────────────────────────────────────────────

const dayMs = 86_400_000;
const abandonedOnes = 60;

/** Sign-ins begun and left; from three days ago by the time this is through. */
async function abandonMany(): Promise<void> {
  for (let n = 0; n < abandonedOnes; n++)
    await world.send(ask(world, { domain_hint: 'contoso' }).url);
  world.advance(3 * dayMs);
}

const abandoned = async () =>
  (await logRows('signIn')).filter(({ cause }) => cause === 'abandoned').length;

test('A118: clean-up cut off half way, then twice at once: each row once, the living untouched', async () => {
  await abandonMany();
  const browser = world.browser();
  await leaveForHome(world, browser, ask(world));
  const living = (await rowsOf('expiring')).length;
  expect(living).toBeGreaterThan(abandonedOnes);

  let deletes = 0;
  proxy.rule(({ method, body }) =>
    (method === 'DELETE' || body.includes('DELETE ')) && ++deletes > 10 ? 'rst-before' : undefined,
  );
  await expect(world.fireTimer('cleanup')).rejects.toThrow();
  proxy.rule(undefined);
  const left = (await rowsOf('expiring')).length;
  expect(left).toBeLessThan(living);
  expect(left).toBeGreaterThan(1);

  const house = compose();
  await Promise.all([cleanUp(house, world.clock()), cleanUp(house, world.clock())]);
  expect(await rowsOf('expiring')).toHaveLength(1);
  expect(await abandoned()).toBe(abandonedOnes);
  await world.fireTimer('cleanup');
  expect(await rowsOf('expiring')).toHaveLength(1);
  expect(await abandoned()).toBe(abandonedOnes);
});

test('A119: a row renewed between being read and being deleted stays', async () => {
  world.advance(3 * dayMs);
  const [row] = await rowsOf('expiring');
  if (!row) throw new Error('nothing is left to clean up');
  const partition = { table: 'expiring', key: row.partition } as const;
  proxy.rule(({ method, body }) =>
    method === 'DELETE' || body.includes('DELETE ') ? { delayMs: 300 } : undefined,
  );
  const from = proxy.seen.length;
  const deletes = () =>
    proxy.seen
      .slice(from)
      .filter(({ method, body }) => method === 'DELETE' || body.includes('DELETE '));
  const running = world.fireTimer('cleanup');
  while (deletes().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const renewed = { ...row.value, stepNonce: randomToken() };
  const change = { kind: 'replace', key: row.key, value: renewed, etag: row.etag } as const;
  expect(await world.store.commit(partition, [change], randomToken())).toBe('done');
  await running;
  proxy.rule(undefined);
  const [still] = await world.store.load(partition, { keys: [row.key] });
  expect(still?.value['stepNonce']).toBe(renewed.stepNonce);
});

test('A118: clean-up that does not run makes nothing live longer', async () => {
  const browser = world.browser();
  const url = await proveAtHome(world, browser, await leaveForHome(world, browser, ask(world)));
  world.advance(3_600_000);
  const got = await browser.open(url);
  expect(got.status).toBe(400);
  expect(formOf(got.text).action).toBe('');
});
