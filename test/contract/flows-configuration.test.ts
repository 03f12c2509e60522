import { describe, expect, it } from 'vitest';
import { hashOf } from '../../shared/core/ids.ts';
import {
  configurationReader,
  loadPointer,
} from '../../shared/flows/configuration/configuration.ts';
import type { Store } from '../../shared/ports.ts';
import { partPartition } from '../../shared/rows/configuration/parts.ts';
import { dump, openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import { brief, newBrowser } from '../support/house-browser.ts';
import { edited, policy } from '../support/house-folder.ts';
import { movePointer, writeChunks, writePart } from '../support/house-past-the-door.ts';
import {
  arrive,
  arriveAtChallenge,
  granted,
  openForm,
  redeem,
  registered,
  verify,
} from '../support/house-steps.ts';

/** A configuration that is too old, out of reach, cut short or broken decides nothing. */

const faultOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no fault',
    (thrown: unknown) => (thrown as { code?: unknown }).code,
  );

/** The store as it is, until `down` says that nothing of the configuration answers. */
function sometimesDown(store: Store, down: () => boolean): Store {
  const fail = () =>
    Promise.reject(Object.assign(new Error('down'), { code: 'storageUnavailable' }));
  return {
    load: (partition, query) =>
      partition.table === 'config' && down() ? fail() : store.load(partition, query),
    commit: (partition, changes, operation) => store.commit(partition, changes, operation),
  };
}

/** Every step of a sign-in that waits, and the first of a new one. */
async function everyStep(world: TestHouse) {
  const { secret } = await registered(world, 'ann');
  const challenge = await arriveAtChallenge(world, 'ann');
  const code = await granted(world, 'ann', secret);
  world.clock.advance(30_000);
  return (at: Parameters<typeof arrive>[0]) => [
    openForm(at, newBrowser()),
    verify(at, challenge.browser, challenge.page, secret),
    redeem(at, code.trip, code.code),
  ];
}

describe.each(storeKinds)('reading the configuration, store: %s', (store) => {
  it('A107: storage down → served for 5 s from the last read, then storageUnavailable', async () => {
    await using world = await openTestHouse({ store });
    let down = false;
    const at = world.instance(sometimesDown(world.house.store, () => down));
    const steps = await everyStep(world);
    await openForm(at, newBrowser());
    down = true;
    world.clock.advance(4_999);
    await openForm(at, newBrowser());
    world.clock.advance(1);
    const before = await dump(world);
    for (const step of steps(at)) expect(await faultOf(step)).toBe('storageUnavailable');
    expect(await dump(world)).toEqual(before);
    down = false;
    expect(await faultOf(openForm(at, newBrowser()))).toBe('no fault');
  });

  it('A150: the pointer read is sent at 0 s and answered at 10 s → it counts as 10 s old', async () => {
    await using world = await openTestHouse({ store });
    let slow = false;
    const reads: string[] = [];
    const slowly: Store = {
      ...world.house.store,
      async load(partition, query) {
        const rows = await world.house.store.load(partition, query);
        reads.push(partition.key);
        if (slow && partition.key === 'pointer') world.clock.advance(10_000);
        return rows;
      },
    };
    const read = configurationReader(slowly, world.house.journal, world.now);
    slow = true;
    expect(await faultOf(read())).toBe('storageUnavailable');
    slow = false;
    expect((await read()).version).toBe(1);
    const pointers = () => reads.filter((key) => key === 'pointer').length;
    const sofar = pointers();
    world.clock.advance(4_999);
    await read();
    expect(pointers()).toBe(sofar);
    world.clock.advance(1);
    await read();
    expect(pointers()).toBe(sofar + 1);
  });

  it('A150: a read that was slow to answer does not hide a version applied meanwhile', async () => {
    await using world = await openTestHouse({ store });
    let during: (() => Promise<unknown>) | undefined;
    const slowly: Store = {
      ...world.house.store,
      async load(partition, query) {
        const rows = await world.house.store.load(partition, query);
        const act = partition.key === 'pointer' ? during : undefined;
        during = undefined;
        await act?.();
        return rows;
      },
    };
    const read = configurationReader(slowly, world.house.journal, world.now);
    during = async () => {
      await world.apply({ ...world.files(), 'policies/x.json': policy(1, {}) });
      world.clock.advance(6_000);
    };
    expect((await read()).version).toBe(2);
  });

  it('A107 A124: the clock goes back → what is held is not taken for fresh', async () => {
    await using world = await openTestHouse({ store });
    let down = false;
    const at = world.instance(sometimesDown(world.house.store, () => down));
    await openForm(at, newBrowser());
    down = true;
    world.clock.advance(-3_600_000);
    expect(await faultOf(openForm(at, newBrowser()))).toBe('storageUnavailable');
  });

  it('A106: every process decides by a new version at most 5 s later', async () => {
    await using world = await openTestHouse({ store });
    const others = [world.instance(), world.instance()];
    for (const at of others) await openForm(at, newBrowser());
    const applied = await world.apply({ ...world.files(), 'policies/x.json': policy(1, {}) });
    if (applied.kind !== 'applied') throw new Error(applied.kind);
    world.clock.set(applied.effectiveBy);
    for (const at of others)
      expect(brief((await arrive(at, 'ann')).answer)).toBe('blocked blockedByPolicy');
  });
});

type Breaking = (world: TestHouse) => Promise<unknown>;

const broken: Readonly<Record<string, readonly [Breaking, string]>> = {
  'A109: half of it': [
    async (world) => {
      const text = JSON.stringify([{ file: 'policies/x.json', value: JSON.parse(policy(1, {})) }]);
      await writeChunks(world.direct, 'policies', hashOf(text), [text.slice(0, 40)]);
      await movePointer(world.direct, { policies: hashOf(text) });
    },
    'configurationUnreadable',
  ],
  'A109: the second of two chunks missing': [
    async (world) => {
      const text = JSON.stringify([{ file: 'policies/x.json', value: JSON.parse(policy(1, {})) }]);
      const hash = hashOf(text);
      await writeChunks(world.direct, 'policies', hash, [text.slice(0, 40), text.slice(40)]);
      const [, second] = await world.direct.load(partPartition('policies', hash));
      if (!second) throw new Error('no second chunk');
      await world.direct.commit(
        partPartition('policies', hash),
        [{ kind: 'delete', key: second.key, etag: second.etag }],
        'gone',
      );
      await movePointer(world.direct, { policies: hash });
    },
    'configurationUnreadable',
  ],
  'A109: an empty list in the place of what the pointer names': [
    async (world) => {
      await writeChunks(world.direct, 'policies', 'AAAA', ['[]']);
      await movePointer(world.direct, { policies: 'AAAA' });
    },
    'configurationUnreadable',
  ],
  'A110: text that is no JSON': [
    async (world) => {
      await writeChunks(world.direct, 'policies', hashOf('[{"file":'), ['[{"file":']);
      await movePointer(world.direct, { policies: hashOf('[{"file":') });
    },
    'configurationUnreadable',
  ],
  'A110: no list of files': [
    async (world) => {
      await writeChunks(world.direct, 'policies', hashOf('{}'), ['{}']);
      await movePointer(world.direct, { policies: hashOf('{}') });
    },
    'configurationUnreadable',
  ],
  'A110: an app that is none': [
    (world) => writePart(world.direct, 'apps', [{ file: 'apps/x.json', value: { appId: 7 } }]),
    'configurationUnreadable',
  ],
  'A110: no settings': [
    (world) => writePart(world.direct, 'settings', []),
    'configurationUnreadable',
  ],
  'A110: a chunk of another shape': [
    async (world) => {
      const hash = hashOf('x');
      await world.direct.commit(
        partPartition('policies', hash),
        [{ kind: 'insert', key: '000', value: { words: 'x' } }],
        'strange',
      );
      await movePointer(world.direct, { policies: hash });
    },
    'storedRowUnreadable',
  ],
  'A110: a pointer of another shape': [
    (world) => movePointer(world.direct, {}, { version: -1 }),
    'storedRowUnreadable',
  ],
};

describe.each(Object.entries(broken))('R41 %s', (_, [breaking, code]) => {
  it('→ every step is refused, an alarm is raised, nothing is stored', async () => {
    await using world = await openTestHouse();
    const steps = await everyStep(world);
    await breaking(world);
    // a process that holds a good version, and one that starts now
    world.clock.advance(5_000);
    const before = await dump(world);
    for (const at of [world, world.instance()]) {
      const faults = await Promise.all(steps(at).map(faultOf));
      expect(new Set(faults)).toEqual(new Set([code]));
    }
    expect(world.alarms()).toContain('configurationUnreadable');
    expect(await dump(world)).toEqual(before);
  });
});

describe('parts that are gone', () => {
  it('R41 A109: a process that starts now is refused; one that holds them goes on by them', async () => {
    await using world = await openTestHouse();
    const pointer = await loadPointer(world.direct);
    const partition = partPartition('policies', pointer?.value.parts.policies ?? '');
    const rows = await world.direct.load(partition);
    const deletes = rows.map(({ key, etag }) => ({ kind: 'delete' as const, key, etag }));
    await openForm(world, newBrowser());
    await world.direct.commit(partition, deletes, 'gone');
    world.clock.advance(5_000);
    expect(await faultOf(openForm(world.instance(), newBrowser()))).toBe('configurationUnreadable');
    expect(brief((await arrive(world, 'cho')).answer)).toBe('blocked blockedByPolicy');
  });
});

describe('a broken configuration is replaced', () => {
  it('A110: a whole folder brings every process back, and what was begun before is void', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const { browser, page } = await arriveAtChallenge(world, 'ann');
    const pointer = await loadPointer(world.direct);
    const partition = partPartition('policies', pointer?.value.parts.policies ?? '');
    const [chunk] = await world.direct.load(partition);
    const cut = { kind: 'replace', key: '000', value: { text: '[' }, etag: '*' } as const;
    expect(chunk?.key).toBe(cut.key);
    await world.direct.commit(partition, [cut], 'cut');
    world.clock.advance(5_000);
    expect(await faultOf(openForm(world.instance(), newBrowser()))).toBe('configurationUnreadable');
    expect((await world.apply(world.files())).kind).toBe('applied');
    world.clock.advance(5_000);
    expect(brief(await verify(world, browser, page, secret))).toBe('message signInOver');
    expect(brief((await arrive(world.instance(), 'ann')).answer)).toBe('challenge');
  });
});

describe('what a policy of no known kind does', () => {
  it.each([
    [
      'an unknown condition',
      {
        conditions: {
          users: { includeUsers: ['All'] },
          applications: { includeApplications: ['All'] },
          phaseOfTheMoon: ['full'],
        },
      },
    ],
    [
      'an unknown control',
      { grantControls: { operator: 'AND', builtInControls: ['mfa', 'bloodOath'] } },
    ],
    ['an unknown state', { state: 'enforced' }],
  ])(
    'R41 A110: %s, written past the door → it restricts, nobody is let in by it',
    async (_, more) => {
      await using world = await openTestHouse();
      const { secret } = await registered(world, 'ann');
      const value = { ...JSON.parse(policy(1, {})), ...more };
      await writePart(world.direct, 'policies', [{ file: 'policies/x.json', value }]);
      world.clock.advance(5_000);
      const { answer } = await arrive(world, 'ann');
      expect(['goHome', 'code']).not.toContain(brief(answer));
      expect(brief(answer)).toMatch(/^blocked /);
      expect(secret).not.toBe('');
    },
  );

  it('A060 A124: the clock goes back between two disablings → the void of the first stays', async () => {
    await using world = await openTestHouse();
    const disable = (enabled: boolean) => () =>
      edited(world.files(), 'partners/contoso.json', { enabled });
    await world.reconfigure(disable(false));
    const first = (await loadPointer(world.direct))?.value.partnersValidFrom['contoso'];
    await world.reconfigure(disable(true));
    world.clock.advance(-3_600_000);
    await world.reconfigure(disable(false));
    expect((await loadPointer(world.direct))?.value.partnersValidFrom['contoso']).toBe(first);
  });
});
