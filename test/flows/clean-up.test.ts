import { describe, expect, it } from 'vitest';
import { cleanUp } from '../../shared/flows/clean-up.ts';
import { dump, openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import { brief, newBrowser } from '../support/house-browser.ts';
import { signInLogs } from '../support/house-rows.ts';
import { arrive, authorizeAndSignIn, comeBack, registered, reset } from '../support/house-steps.ts';

/** Clean-up only makes room: what expired goes, what lives stays, and nothing is decided by it. */

const hour = 3_600_000;
const day = 24 * hour;

const clean = (world: TestHouse) => cleanUp(world.house, world.now());
const expiringRows = async (world: TestHouse) => (await dump(world, ['expiring'])).length;

describe.each(storeKinds)('clean-up, store: %s', (store) => {
  it('takes rows of past days and leaves those of today, across pages', async () => {
    await using world = await openTestHouse({ store });
    for (let n = 0; n < 120; n++) await authorizeAndSignIn(world, newBrowser());
    expect(await clean(world)).toMatchObject({ removed: 0 });
    world.clock.advance(2 * day);
    const late = newBrowser();
    const trip = await authorizeAndSignIn(world, late);
    expect(await clean(world)).toMatchObject({ removed: 120 });
    expect(await expiringRows(world)).toBe(1);
    expect(brief(await comeBack(world, late, trip, 'ann'))).toBe('enrol');
    expect(await clean(world)).toMatchObject({ removed: 0 });
  });

  it('says that it left something, which an alert asks for', async () => {
    await using world = await openTestHouse({ store });
    await authorizeAndSignIn(world, newBrowser());
    world.clock.advance(2 * day);
    const scan: TestHouse['house']['scan'] = {
      scan: async (...asked) => world.house.scan.scan(...asked),
      remove: async () => 0,
    };
    const said = async (house: TestHouse['house']) => {
      await cleanUp(house, world.now());
      return world.lines.findLast(({ event }) => event === 'cleanUp')?.detail;
    };
    expect(await said({ ...world.house, scan })).toMatchObject({ removed: 0, done: false });
    expect(await said(world.house)).toMatchObject({ removed: 1, done: true });
    expect(await said(world.house)).toMatchObject({ removed: 0, done: true });
  });

  it('says so of the log, too', async () => {
    await using world = await openTestHouse({ store });
    await registered(world, 'ann');
    world.clock.advance(40 * day);
    await clean(world);
    const past = { from: 'signin.', to: 'signin.9' };
    const before = await world.house.scan.scan('log', past, { limit: 1 });
    expect(before.rows).toEqual([]);
    await registered(world, 'ben');
    world.clock.advance(40 * day);
    const scan: TestHouse['house']['scan'] = {
      scan: async (...asked) => world.house.scan.scan(...asked),
      remove: async (table, rows) => (table === 'log' ? 0 : world.house.scan.remove(table, rows)),
    };
    const said = async (house: TestHouse['house']) => {
      await cleanUp(house, world.now());
      return world.lines.findLast(({ event }) => event === 'cleanUp')?.detail;
    };
    expect(await said({ ...world.house, scan })).toMatchObject({ removedFromLog: 0, done: false });
    expect(await said(world.house)).toMatchObject({ removedFromLog: 1, done: true });
  });

  it('a row that cannot be read goes with the others, and is told of', async () => {
    await using world = await openTestHouse({ store });
    await authorizeAndSignIn(world, newBrowser());
    const [row] = await dump(world, ['expiring']);
    const partition = { table: 'expiring', key: row?.partition ?? '' } as const;
    const stray = { kind: 'insert', key: 'signin.2026111810.stray', value: { state: 7 } } as const;
    await world.house.store.commit(partition, [stray], 'stray-row');
    world.clock.advance(2 * day);
    expect(await clean(world)).toMatchObject({ removed: 2 });
    expect(world.alarms()).toEqual(['expiredRowUnreadable']);
  });

  it('a sign-in begun before midnight is not taken while it lives', async () => {
    await using world = await openTestHouse({ store });
    world.clock.set(new Date('2026-11-18T23:59:59.000Z'));
    const browser = newBrowser();
    const trip = await authorizeAndSignIn(world, browser);
    for (const at of ['2026-11-19T00:00:00.000Z', '2026-11-19T00:59:58.999Z']) {
      world.clock.set(new Date(at));
      expect(await clean(world)).toMatchObject({ removed: 0 });
    }
    expect(brief(await comeBack(world, browser, trip, 'ann'))).toBe('enrol');
  });

  it('whether it ran or not: an expired sign-in is refused the same', async () => {
    await using world = await openTestHouse({ store });
    const browser = newBrowser();
    const trip = await authorizeAndSignIn(world, browser);
    world.clock.advance(hour);
    expect(brief(await comeBack(world, browser, trip, 'ann'))).toBe('message signInOver');
    world.clock.advance(2 * day);
    await clean(world);
    expect(brief(await comeBack(world, browser, trip, 'ann'))).toBe('message otherBrowser');
  });

  it('an abandoned sign-in is logged once, however often and by however many it is cleaned', async () => {
    await using world = await openTestHouse({ store });
    await authorizeAndSignIn(world, newBrowser());
    await arrive(world, 'cho');
    await arrive(world, 'stranger');
    expect(await signInLogs(world)).toHaveLength(2);
    world.clock.advance(3 * day);
    const removed = await Promise.all([clean(world), clean(world), clean(world)]);
    expect(removed.reduce((sum, one) => sum + one.removed, 0)).toBe(3);
    await clean(world);
    const abandoned = (await signInLogs(world)).filter(({ cause }) => cause === 'abandoned');
    expect(abandoned).toMatchObject([
      { result: 'failure', at: '2026-11-18T10:10:00.000Z', events: [{ what: 'started' }, {}] },
    ]);
    expect(await signInLogs(world)).toHaveLength(3);
  });

  it('touches no guest, method or session, and an idempotency key counts until its day is over', async () => {
    await using world = await openTestHouse({ store });
    world.clock.set(new Date('2026-11-18T23:50:00.000Z'));
    await registered(world, 'ann');
    const key = { idempotencyKey: 'k' };
    const first = await reset(world, 'ann', key);
    const guests = await dump(world, ['guests', 'directory', 'config']);
    world.clock.set(new Date('2026-11-19T00:00:05.000Z'));
    await clean(world);
    expect(await reset(world, 'ann', key)).toEqual(first);
    world.clock.advance(10 * day);
    await clean(world);
    expect(await expiringRows(world)).toBe(0);
    expect(await dump(world, ['guests', 'directory', 'config'])).toEqual(guests);
  });
});
