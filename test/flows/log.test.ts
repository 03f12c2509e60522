import { describe, expect, it } from 'vitest';
import { type LogPlace, logKeys, logPlaceOf, writeReference } from '../../shared/core/reference.ts';
import { daysMs, hoursMs, later, minutesMs } from '../../shared/core/time.ts';
import { findLogged } from '../../shared/flows/admin/find-logged.ts';
import {
  listAudits,
  listSignIns,
  type SignInLog,
  type SignInsQuery,
} from '../../shared/flows/admin/list-log.ts';
import { signInLog } from '../../shared/flows/admin/walk-log.ts';
import { logAudit, logSignIn } from '../../shared/flows/log.ts';
import type { Change } from '../../shared/ports.ts';
import { insert } from '../../shared/rows/row.ts';
import { openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import { morning } from '../support/house-clock.ts';
import { appIds, edited } from '../support/house-folder.ts';
import { guestIds } from '../support/house-home.ts';
import { arrive, granted, redeem, registered, reset } from '../support/house-steps.ts';

/** What administrators read of the log: one sign-in by its reference, and lists, newest first. */

const entryAt = (at: Date, more: Partial<SignInLog> = {}): SignInLog => ({
  kind: 'signIn',
  at: at.toISOString(),
  result: 'success',
  events: [],
  ...more,
});

async function write(world: TestHouse, at: Date, more: Partial<SignInLog> = {}): Promise<string> {
  const place = logPlaceOf(at, JSON.stringify([at, more]));
  await logSignIn(world.house, place, entryAt(at, more));
  return writeReference(place);
}

/** Many at once, a commit for each shard. */
async function writeMany(world: TestHouse, times: readonly Date[]): Promise<readonly string[]> {
  const partitions = new Map<string, Change[]>();
  const references = times.map((at, index) => {
    const place: LogPlace = { ...logPlaceOf(at, 'x'), shard: index % 16, chance: index };
    const { partition, row } = logKeys('signin', place);
    const guest = index % 50 === 0 ? guestIds.ann : guestIds.ben;
    const changes = partitions.get(partition) ?? [];
    partitions.set(partition, [...changes, insert(row, entryAt(at, { guest }))]);
    return writeReference(place);
  });
  for (const [key, changes] of partitions)
    for (let at = 0; at < changes.length; at += 100)
      await world.direct.commit({ table: 'log', key }, changes.slice(at, at + 100), `x${key}${at}`);
  return references;
}

const query = (world: TestHouse, more: Partial<SignInsQuery> = {}): SignInsQuery => ({
  from: later(world.now(), -daysMs),
  to: world.now(),
  limit: 100,
  userId: undefined,
  failedOnly: false,
  ...more,
});

async function page(world: TestHouse, more: Partial<SignInsQuery> = {}) {
  const listed = await listSignIns(world.house, query(world, more));
  if (listed.kind !== 'listed') throw new Error(listed.kind);
  return listed;
}

/** Every page until there is no more. */
async function pages(world: TestHouse, more: Partial<SignInsQuery> = {}) {
  const all = [await page(world, more)];
  for (let last = all.at(-1); last?.cursor; last = all.at(-1)) {
    all.push(await page(world, { ...more, cursor: last.cursor }));
    if (all.length > 200) throw new Error('the pages do not end');
  }
  return all;
}

const idsOf = (listed: readonly Awaited<ReturnType<typeof page>>[]) =>
  listed.flatMap(({ entries }) => entries.map(({ id }) => id));

/** A house that counts its requests to the store, and the rows that came. */
function counted(world: TestHouse) {
  let calls = 0;
  let rows = 0;
  const { store, scan } = world.house;
  const load: typeof store.load = async (...given) => {
    const found = await store.load(...given);
    calls++;
    rows += found.length;
    return found;
  };
  const scanning: typeof scan.scan = async (...given) => {
    const found = await scan.scan(...given);
    calls++;
    rows += found.rows.length;
    return found;
  };
  const house = { ...world.house, store: { ...store, load }, scan: { ...scan, scan: scanning } };
  return { world: { ...world, house }, calls: () => calls, rows: () => rows };
}

describe.each(storeKinds)('lists, on %s', (store) => {
  it('newest first over hours and shards; pages leave none out and show none twice', async () => {
    await using world = await openTestHouse({ store });
    const times = Array.from({ length: 23 }, (_, n) => later(morning, -n * 17 * minutesMs));
    const newestFirst: string[] = [];
    for (const at of times) newestFirst.push(await write(world, at));
    expect(idsOf([await page(world)])).toEqual(newestFirst);
    for (const limit of [1, 5, 23])
      expect(idsOf(await pages(world, { limit }))).toEqual(newestFirst);
  });

  it('the window has both ends and nothing beyond', async () => {
    await using world = await openTestHouse({ store });
    const at = (ms: number) => later(morning, -hoursMs - ms);
    const [, newer, older] = [
      await write(world, at(-1)),
      await write(world, at(0)),
      await write(world, at(2_000)),
      await write(world, at(2_001)),
    ];
    expect(idsOf([await page(world, { from: at(2_000), to: at(0) })])).toEqual([newer, older]);
    expect(idsOf([await page(world, { from: at(0), to: at(1) })])).toEqual([]);
  });

  it('an hour with many more rows than a page of the store: in order, and each page bounded', {
    timeout: 120_000,
  }, async () => {
    await using world = await openTestHouse({ store });
    world.clock.set(new Date('2026-11-18T09:59:59.999Z'));
    const times = Array.from({ length: 3_000 }, (_, n) => later(world.now(), -n * 1_190));
    const references = await writeMany(world, times);
    const { world: counting, calls, rows } = counted(world);
    const seen: string[] = [];
    let cursor: SignInsQuery['cursor'];
    for (let asked = 1; asked === 1 || cursor; asked++) {
      const before = { calls: calls(), rows: rows() };
      const listed = await page(counting, { limit: 250, cursor });
      expect(calls() - before.calls).toBeLessThan(100);
      expect(rows() - before.rows).toBeLessThan(2_000);
      expect(asked).toBeLessThan(40);
      seen.push(...listed.entries.map(({ entry }) => entry.at));
      ({ cursor } = listed);
    }
    expect(seen).toEqual(times.map((at) => at.toISOString()));
    const anns = await pages(world, { limit: 999, userId: guestIds.ann });
    expect(idsOf(anns)).toEqual(references.filter((_, index) => index % 50 === 0));
  });

  it('weeks without a sign-in: short pages that lead on, and an end', async () => {
    await using world = await openTestHouse({ store });
    const from = later(morning, -31 * daysMs);
    const oldest = await write(world, from);
    const { world: counting, calls } = counted(world);
    const first = await page(counting, { from });
    expect(first.entries).toEqual([]);
    expect(first.cursor).toBeDefined();
    expect(calls()).toBeLessThan(100);
    expect(idsOf(await pages(world, { from }))).toEqual([oldest]);
  });

  it('a cursor of another time leads nowhere beyond the window', async () => {
    await using world = await openTestHouse({ store });
    const reference = await write(world, morning);
    expect(idsOf([await page(world, { cursor: { hour: '9999999999', after: '~' } })])).toEqual([
      reference,
    ]);
    const old = { hour: '0000000000', after: '' };
    const beyond = await page(world, { cursor: old });
    expect([beyond.entries, beyond.cursor]).toEqual([[], undefined]);
  });

  it('a row that cannot be read hides no other, and is an alarm', async () => {
    await using world = await openTestHouse({ store });
    const reference = await write(world, morning);
    const place = { ...logPlaceOf(morning, 'x'), shard: 3 };
    const { partition, row } = logKeys('signin', place);
    const broken = insert(row, { kind: 'signIn', at: 'yesterday' });
    await world.direct.commit({ table: 'log', key: partition }, [broken], 'x');
    expect(idsOf([await page(world)])).toEqual([reference]);
    expect(world.alarms()).toEqual(['logRowUnreadable']);
    await expect(findLogged(world.house, signInLog, writeReference(place))).rejects.toMatchObject({
      code: 'storedRowUnreadable',
    });
  });

  it('two rows of one place have two ids; the reference names both', async () => {
    await using world = await openTestHouse({ store });
    const place = logPlaceOf(morning, 'x');
    await logSignIn(world.house, place, entryAt(morning, { cause: 'first' }), 'one');
    await logSignIn(world.house, place, entryAt(morning, { cause: 'second' }), 'two');
    const reference = writeReference(place);
    const [second = '', ...more] = idsOf([await page(world)]).filter((id) => id !== reference);
    expect(more).toEqual([]);
    expect(await findLogged(world.house, signInLog, reference)).toMatchObject({
      id: reference,
      entry: { cause: 'first' },
      sameReference: [second],
    });
    expect(await findLogged(world.house, signInLog, second)).toMatchObject({
      id: second,
      entry: { cause: 'second' },
      sameReference: [],
    });
  });

  it('by guest, under any of their names', async () => {
    await using world = await openTestHouse({ store });
    const anns = await write(world, morning, { guest: guestIds.ann });
    const bens = await write(world, later(morning, -1_000), { guest: guestIds.ben });
    await write(world, later(morning, -2_000));
    for (const userId of [
      guestIds.ann,
      guestIds.ann.toUpperCase(),
      'ann_contoso.example#EXT#@fabrikam.onmicrosoft.example',
      'ann@contoso.example',
    ])
      expect(idsOf([await page(world, { userId })])).toEqual([anns]);
    expect(idsOf([await page(world, { userId: guestIds.ben })])).toEqual([bens]);
    // the log outlives guests
    expect(idsOf([await page(world, { userId: guestIds.ben.replace('b', 'c') })])).toEqual([]);
    const unknown = query(world, { userId: 'nobody@contoso.example' });
    expect(await listSignIns(world.house, unknown)).toEqual({ kind: 'unknownGuest' });
  });
});

describe('what stands in it', () => {
  it('a sign-in with its tokens, and a refusal by the reference that its page showed', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const { trip, code } = await granted(world, 'ann', secret);
    await redeem(world, trip, code);
    world.clock.advance(minutesMs);
    const { answer } = await arrive(world, 'cho');
    const { entries } = await page(world);
    expect(entries.map(({ entry }) => [entry.result, entry.guest, entry.cause])).toEqual([
      ['failure', guestIds.cho, 'blockedByPolicy'],
      ['success', guestIds.ann, undefined],
    ]);
    if (answer.kind !== 'page' || answer.page !== 'blocked') throw new Error(answer.kind);
    expect(await findLogged(world.house, signInLog, answer.reference.toLowerCase())).toMatchObject({
      id: answer.reference,
      entry: { guest: guestIds.cho, app: appIds.woodgrove, outcome: 'block', code: 53003 },
    });
    expect(idsOf([await page(world, { failedOnly: true })])).toEqual([answer.reference]);
  });

  it('an act of an administrator: what was meant, and what came of it', async () => {
    await using world = await openTestHouse();
    await reset(world, 'ann');
    const { entries } = await listAudits(world.house, query(world));
    const acts = entries.filter(({ entry }) => entry.activity === 'resetMfa');
    expect(acts.map(({ entry }) => entry.phase).sort()).toEqual(['intent', 'result']);
    expect(idsOf([await page(world)])).toEqual([]);
  });

  it('it can be read before the first configuration, without names', async () => {
    await using world = await openTestHouse({ files: false });
    const reference = await write(world, morning);
    await logAudit(
      world.house,
      { operationId: 'x', phase: 'refused', activity: 'resetMfa', actor: 'app:x' },
      morning,
    );
    expect(await page(world)).toMatchObject({ configuration: undefined });
    expect(await findLogged(world.house, signInLog, reference)).toMatchObject({ id: reference });
    expect((await listAudits(world.house, query(world))).entries).toHaveLength(1);
  });

  it('A155: letter case makes no other guest; a name of two guests lists neither', async () => {
    await using world = await openTestHouse({
      files: (files) =>
        edited(files, 'guests/ben.json', { userPrincipalName: 'Ann@Contoso.example' }),
    });
    await write(world, morning, { guest: guestIds.ann });
    for (const userId of ['ann@contoso.example', 'ANN@contoso.EXAMPLE'])
      expect(await listSignIns(world.house, query(world, { userId }))).toEqual({
        kind: 'ambiguousGuest',
      });
    const userId = 'ANN_contoso.example#ext#@fabrikam.onmicrosoft.EXAMPLE';
    expect((await page(world, { userId })).entries).toHaveLength(1);
  });
});
