import { describe, expect, it } from 'vitest';
import { evaluate } from '../../shared/flows/admin/evaluate.ts';
import { listRegistrations } from '../../shared/flows/admin/list-registrations.ts';
import { dump, openTestHouse, type TestHouse } from '../support/house.ts';
import { brief } from '../support/house-browser.ts';
import { appIds, edited } from '../support/house-folder.ts';
import { guestIds } from '../support/house-home.ts';
import { logEntries, standingOf } from '../support/house-rows.ts';
import { arrive, arriveAtEnrolment, enrol, registered, reset } from '../support/house-steps.ts';
import { failingOn, interrupted } from '../support/house-stores.ts';

/** What administrators ask for: a reset, the list of who has proofed up, What-If. */

describe('reset', () => {
  it('methods can be named; what is not named stays, sessions end either way', async () => {
    await using world = await openTestHouse();
    await registered(world, 'ann');
    expect(await reset(world, 'ann', { methods: ['fido2'] })).toMatchObject({
      answer: { methodsRemoved: [], sessionsRevoked: 1 },
    });
    expect(await standingOf(world, 'ann')).toMatchObject({ methods: 1, sessions: ['ended'] });
  });

  it('proofUp accessPass: the first factor alone enrols nothing, by request or by setting', async () => {
    await using world = await openTestHouse();
    await registered(world, 'ann');
    await reset(world, 'ann', { proofUp: 'accessPass' });
    expect(brief((await arrive(world, 'ann')).answer)).toBe('blocked blockedByPolicy');
    await reset(world, 'ann', { proofUp: 'firstFactor' });
    expect(brief((await arrive(world, 'ann')).answer)).toBe('enrol');
  });

  it('proofUp accessPass in the settings: who never registered cannot either', async () => {
    await using world = await openTestHouse();
    await world.reconfigure((f) => edited(f, 'settings.json', { proofUp: 'accessPass' }));
    expect(brief((await arrive(world, 'ann')).answer)).toBe('blocked blockedByPolicy');
    expect((await standingOf(world, 'ann')).methods).toBe(0);
  });

  it('the answer to a reset is lost before it is kept: the same key again takes nothing away', async () => {
    await using world = await openTestHouse();
    await registered(world, 'ann');
    const key = { idempotencyKey: 'lost' };
    const store = failingOn(
      world.house.store,
      ({ key: name }, verb) => verb === 'commit' && name.endsWith('.once'),
    );
    const calls = { ...world, house: { ...world.house, store } };
    await expect(reset(calls, 'ann', key)).rejects.toMatchObject({ code: 'storageUnavailable' });
    world.clock.advance(60_000);
    await registered(world, 'ann');
    expect(await reset(world, 'ann', key)).toMatchObject({ kind: 'done' });
    expect((await standingOf(world, 'ann')).methods).toBe(1);
  });

  it('an idempotency key used with another request → keyReused; of another caller → its own', async () => {
    await using world = await openTestHouse();
    const key = { idempotencyKey: 'k' };
    expect(await reset(world, 'ann', key)).toMatchObject({ kind: 'done' });
    expect(await reset(world, 'ben', key)).toEqual({ kind: 'keyReused' });
    expect(await reset(world, 'ann', { ...key, reason: 'another' })).toEqual({ kind: 'keyReused' });
    const administrator = { name: 'app:another', roles: [] };
    expect(await reset(world, 'ben', { ...key, administrator })).toMatchObject({
      answer: { user: { id: guestIds.ben } },
    });
  });

  it('R38: the intent cannot be written → nothing is removed', async () => {
    await using world = await openTestHouse();
    await registered(world, 'ann');
    const store = failingOn(world.house.store, ({ table }) => table === 'log');
    const at = { ...world, house: { ...world.house, store } };
    await expect(reset(at, 'ann')).rejects.toMatchObject({ code: 'storageUnavailable' });
    expect(await standingOf(world, 'ann')).toMatchObject({ methods: 1, sessions: ['live'] });
  });

  it('others change the guest three times → contended, said in the audit, nothing removed', async () => {
    await using world = await openTestHouse();
    await registered(world, 'ann');
    const store = {
      ...world.house.store,
      commit: async (...[partition, ...rest]: Parameters<typeof world.direct.commit>) =>
        partition.table === 'guests' ? 'conflict' : world.direct.commit(partition, ...rest),
    } as typeof world.house.store;
    expect(await reset({ ...world, house: { ...world.house, store } }, 'ann')).toEqual({
      kind: 'contended',
    });
    expect((await standingOf(world, 'ann')).methods).toBe(1);
    expect(await logEntries(world)).toContainEqual(
      expect.objectContaining({ phase: 'result', result: 'contended' }),
    );
  });
});

const list = async (world: TestHouse, query: { registered?: boolean; limit?: number } = {}) =>
  (await listRegistrations(world.house, { limit: 100, ...query })).registrations.map(
    ({ id, methodsRegistered }) => [id, ...methodsRegistered],
  );

describe('who has proofed up', () => {
  it('follows enrolment and reset', async () => {
    await using world = await openTestHouse();
    expect(await list(world, { registered: true })).toEqual([]);
    await registered(world, 'ann');
    expect(await list(world, { registered: true })).toEqual([
      [guestIds.ann, 'softwareOneTimePasscode'],
    ]);
    expect(await list(world, { registered: false })).toHaveLength(4);
    await reset(world, 'ann');
    expect(await list(world, { registered: true })).toEqual([]);
    expect(await list(world)).toHaveLength(5);
  });

  it('comes in pages that leave nobody out and name nobody twice', async () => {
    await using world = await openTestHouse();
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listRegistrations(world.house, { limit: 2, cursor });
      seen.push(...page.registrations.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });

  it('the list cannot be written → the enrolment stands, an alarm says that the list is behind', async () => {
    await using world = await openTestHouse();
    const { browser, page } = await arriveAtEnrolment(world, 'ann');
    const store = failingOn(world.house.store, ({ table }) => table === 'directory');
    const at = { ...world, house: { ...world.house, store } };
    expect(brief(await enrol(at, browser, page))).toBe('code');
    expect(world.alarms()).toEqual(['listEntryBehind']);
    expect((await standingOf(world, 'ann')).methods).toBe(1);
  });

  it('many enrol at once → each stands in the list', async () => {
    await using world = await openTestHouse();
    await Promise.all([registered(world, 'ann'), registered(world, 'ben')]);
    expect(await list(world, { registered: true })).toHaveLength(2);
  });
});

describe('What-If', () => {
  const administrator = { name: 'app:test', roles: ['Policy.Read.ConditionalAccess'] } as const;
  const ask = (world: TestHouse, userId: string | undefined) =>
    evaluate(
      world.house,
      {
        signInIdentity: { '@odata.type': '#microsoft.graph.userSignIn', userId },
        signInContext: {
          '@odata.type': '#microsoft.graph.applicationContext',
          includeApplications: [appIds.woodgrove],
        },
        signInConditions: { clientAppType: 'browser', ipAddress: '198.51.100.7' },
      } as Parameters<typeof evaluate>[1],
      administrator,
    );

  it.each([
    [guestIds.cho, true],
    ['cho_contoso.example#EXT#@fabrikam.onmicrosoft.example', true],
    ['cho@contoso.example', true],
    [guestIds.ann, false],
  ])(
    '%s → the groups of the directory decide (blocked: %s), and nothing is stored',
    async (userId, blocked) => {
      await using world = await openTestHouse();
      const before = await dump(world);
      const answer = await ask(world, userId);
      if (answer.kind !== 'evaluated') throw new Error(answer.kind);
      const text = JSON.stringify(answer.answer);
      expect(text).toContain('b0110002-0c0a-4a10-9e01-1f0000000002');
      const policies = answer.answer.value as unknown as readonly {
        readonly id: string;
        readonly policyApplies: boolean;
      }[];
      expect(policies.find(({ id }) => id.startsWith('b0110002'))?.policyApplies).toBe(blocked);
      expect(await dump(world)).toEqual(before);
      expect(world.lines.filter(({ event }) => event === 'whatIf')).toEqual([
        {
          level: 'info',
          event: 'whatIf',
          detail: {
            administrator: 'app:test',
            guest: userId.startsWith('cho') ? guestIds.cho : userId,
          },
        },
      ]);
    },
  );

  it('a name that leads nowhere is a mistake; an id that nobody has is hypothetical', async () => {
    await using world = await openTestHouse();
    expect(await ask(world, 'nobody@contoso.example')).toEqual({ kind: 'unknownGuest' });
    expect(await ask(world, 'b0000000-0000-4000-8000-000000000000')).toMatchObject({
      kind: 'evaluated',
    });
    expect(await ask(world, undefined)).toMatchObject({ kind: 'evaluated' });
  });

  it('A155: letter case makes no other guest; a name of two guests is neither', async () => {
    await using world = await openTestHouse({
      files: (f) => edited(f, 'guests/ben.json', { userPrincipalName: 'Cho@Contoso.example' }),
    });
    for (const name of ['cho@contoso.example', 'CHO@contoso.EXAMPLE'])
      expect(await ask(world, name)).toEqual({ kind: 'ambiguousGuest' });
    const upn = 'CHO_contoso.example#ext#@fabrikam.onmicrosoft.EXAMPLE';
    const [byName, byId] = [await ask(world, upn), await ask(world, guestIds.cho)];
    expect(byName).toMatchObject({ kind: 'evaluated' });
    expect(byName).toEqual(byId);
  });

  it('A113: reads the guest named and nobody else', async () => {
    await using world = await openTestHouse();
    const touched: string[] = [];
    const store = interrupted(world.house.store, -1, async () => undefined);
    const watching = {
      ...store,
      load: (...[partition, query]: Parameters<typeof store.load>) => {
        touched.push(`${partition.table} ${partition.key}`);
        return store.load(partition, query);
      },
    };
    await world.house.configuration();
    await evaluate(
      { ...world.house, store: watching },
      {
        signInIdentity: { userId: guestIds.ann },
      } as Parameters<typeof evaluate>[1],
      administrator,
    );
    expect(touched).toEqual([`guests ${guestIds.ann}`]);
  });
});
