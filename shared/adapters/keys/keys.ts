import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { publishAheadMs, renewAfterMs } from '../../checks/key-life.ts';
import { Fault } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { later, minutesMs, startOfDay } from '../../core/time.ts';
import type {
  Journal,
  KeyPurpose,
  Keys,
  ListedSigningKey,
  NamedKey,
  SigningAlgorithm,
  SigningRotation,
} from '../../ports.ts';
import { insert } from '../../rows/row.ts';
import type { SigningKey } from '../../rows/signing-key.ts';
import type { KeyPlan, KeyRows, KeyTable } from './key-table.ts';
import { listSigningKeys } from './list-signing-keys.ts';
import { revocationPlan } from './revoke-signing-key.ts';
import type { SecretSource } from './secret-keys.ts';
import {
  keyProver,
  type Made,
  type Proven,
  type ProvenKey,
  type SigningSource,
  signJws,
} from './signing-keys.ts';
import { VaultRefused } from './vault-pace.ts';

export type KeyParts = {
  readonly table: KeyTable;
  readonly signing: SigningSource;
  readonly secrets: SecretSource;
  readonly journal: Journal;
  readonly clock: () => Date;
};

const algorithms: readonly SigningAlgorithm[] = ['RS256', 'ES256'];
/** Where there is no key and none to be had, the vault is not asked at every request. */
const makeAgainMs = minutesMs / 2;

/** The keys port over rows in the table, wherever the keys themselves lie. */
export function openKeys({ table, signing, secrets, journal, clock }: KeyParts): Keys {
  const { prove, doubt } = keyProver(signing, journal);
  const derived = new Map<string, NamedKey>();
  const making = new Map<SigningAlgorithm, Promise<void>>();
  /** When a key was looked for that is not there. */
  const triedAt = new Map<SigningAlgorithm, number>();
  /** Algorithms whose last signature failed. */
  const failing = new Set<SigningAlgorithm>();

  /** Keys of one algorithm do not depend on whether those of another can be told. */
  async function proven(wanted: readonly SigningAlgorithm[]): Promise<Proven> {
    const [rows, now] = [await table.read(), clock()];
    // looked at all the same, so that an outage later finds them known; nobody waits for it
    prove(rowsOf(rows, othersThan(wanted)), now).catch(() => undefined);
    return prove(rowsOf(rows, wanted), now);
  }

  /** As they are; where a wanted one has no key to sign with, one is made or taken in, to be used at once. */
  async function complete(wanted: readonly SigningAlgorithm[]): Promise<Proven> {
    const there = await proven(wanted);
    const lacking = missing(there, wanted).filter((alg) => !isTooSoon(alg));
    if (lacking.length === 0) return there;
    // at the beginning there is none of the others either, and apps read the key set once
    const others = othersThan(wanted).filter((alg) => !isTooSoon(alg));
    await Promise.all([
      ...lacking.map(make),
      ...others.map((alg) => make(alg).catch(() => undefined)),
    ]);
    return proven(wanted);
  }

  function isTooSoon(alg: SigningAlgorithm): boolean {
    const sinceMs = clock().getTime() - (triedAt.get(alg) ?? Number.NaN);
    return !making.has(alg) && sinceMs >= 0 && sinceMs < makeAgainMs;
  }

  function make(alg: SigningAlgorithm): Promise<void> {
    const running = making.get(alg) ?? makeMissing(alg).finally(() => making.delete(alg));
    making.set(alg, running);
    return running;
  }

  async function makeMissing(alg: SigningAlgorithm): Promise<void> {
    const at = clock().getTime();
    const isThere = await change(async (rows) => {
      const now = clock();
      const there = await prove(rowsOf(rows, [alg]), now);
      if (missing(there, [alg]).length === 0) return { changes: [], answer: true };
      const found = await madeFor(alg, rows);
      return { changes: found ? [insertion(found, now, now)] : [], answer: found !== undefined };
    });
    // a vault that did not answer is asked again by its own pace
    if (!isThere) triedAt.set(alg, at);
  }

  /** Whatever is published is told. */
  async function change<T>(plan: (rows: KeyRows) => Promise<KeyPlan<T>>): Promise<T> {
    let changes: KeyPlan<T>['changes'] = [];
    const answer = await table.change(async (rows) => {
      const planned = await plan(rows);
      changes = planned.changes;
      return planned;
    });
    for (const { key, value } of changes.filter((each) => each.kind === 'insert'))
      journal.line('info', 'signingKeyPublished', {
        kid: key,
        alg: value['alg'],
        useFrom: value['useFrom'],
      });
    return answer;
  }

  const madeFor = async (alg: SigningAlgorithm, rows: KeyRows) => {
    const made = await signing.make(
      alg,
      rows.signing.map(({ key }) => key),
    );
    return made && { alg, made };
  };

  /** `isDue`: whether an algorithm without a next key gets one. */
  const rotateOne = (alg: SigningAlgorithm, isDue: IsDue) =>
    change<SigningRotation>(async (rows) => {
      const now = clock();
      const there = await prove(rowsOf(rows, [alg]), now);
      const next = there.keys.find((key) => there.states.get(key) === 'next');
      if (next) {
        const useFrom = new Date(next.useFrom);
        return { changes: [], answer: { alg, result: 'nextIsWaiting', kid: next.kid, useFrom } };
      }
      if (!isDue(there, alg, now)) return { changes: [], answer: { alg, result: 'notDue' } };
      const found = await madeFor(alg, rows);
      if (!found) return { changes: [], answer: { alg, result: 'noNewVersion' } };
      const useFrom = missing(there, [alg]).length > 0 ? now : later(now, publishAheadMs);
      const { kid } = found.made;
      return {
        changes: [insertion(found, now, useFrom)],
        answer: { alg, result: 'published', kid, useFrom },
      };
    });

  /** Where one algorithm fails, the other is rotated all the same. */
  async function rotate(isDue: IsDue): Promise<readonly SigningRotation[]> {
    const rotations: SigningRotation[] = [];
    const thrown: unknown[] = [];
    for (const alg of algorithms)
      await rotateOne(alg, isDue).then(
        (rotation) => rotations.push(rotation),
        (reason: unknown) => thrown.push(reason),
      );
    if (thrown.length > 0) throw thrown[0];
    return rotations;
  }

  async function signed(
    { alg, typ }: { readonly alg: SigningAlgorithm; readonly typ: string },
    claims: JsonObject,
  ): Promise<string> {
    let key: ProvenKey | undefined;
    try {
      const { keys, states } = await complete([alg]);
      key = keys.find((each) => each.alg === alg && states.get(each) === 'current');
      if (!key) throw new Fault('keyUnavailable', { detail: `no key for ${alg}` });
      const jws = await signJws(key, typ, claims);
      failing.delete(alg);
      return jws;
    } catch (thrown) {
      if (key && isAnswer(thrown)) doubt(key);
      failing.add(alg);
      throw thrown;
    }
  }

  return {
    sign: signed,

    async publicKeys() {
      // where one algorithm has no key to be had, those of the other are published all the same
      const { keys, states } = await complete(algorithms).catch(() => proven(algorithms));
      const shown = keys.filter((key) => isPublished(states.get(key)));
      // an empty set would be kept by apps, and be wrong in a moment
      if (shown.length === 0) throw new Fault('keyUnavailable', { detail: 'no key at all' });
      return shown.map(({ publicJwk }) => publicJwk).toSorted((a, b) => (a.kid < b.kid ? -1 : 1));
    },

    async secret(purpose, id) {
      const from = await secrets.find(
        id === undefined ? { at: momentOf(purpose, clock()) } : { id },
      );
      if (!from) return undefined;
      const name = `${purpose} ${from.id}`;
      const key = derived.get(name) ?? { id: from.id, key: derive(from.key, purpose) };
      derived.set(name, key);
      return key;
    },

    async ready() {
      const [lacking] = missing(await complete(algorithms), algorithms);
      if (lacking) throw new Fault('keyUnavailable', { detail: `no key for ${lacking}` });
      if (!(await secrets.find({ at: clock() }))) throw new Fault('keyUnavailable');
      // it leaves nobody: only whether it can be made is of interest
      for (const alg of failing) await signed({ alg, typ: 'probe' }, {});
    },

    administration: {
      async list() {
        const now = clock();
        const [rows, shown, secretList] = [
          await table.read(),
          await proven(algorithms),
          await secrets.list(now),
        ];
        return { signing: listSigningKeys(rows, shown, now), secrets: secretList };
      },
      rotateSigning: () => rotate(() => true),
      renew: () => rotate((there, alg, now) => !signing.makesKeys || isDue(there, alg, now)),
      rotateSecrets: () => secrets.rotate(),
      revoke: (kid) => change((rows) => revocationPlan({ rows, kid, prove, madeFor, clock })),
    },
  };
}

const isPublished = (state: ListedSigningKey['state'] | undefined): boolean =>
  state === 'next' || state === 'current' || state === 'former';

type IsDue = (keys: Proven, alg: SigningAlgorithm, now: Date) => boolean;

/** The vault itself refused; it was not only held back, or away. */
const isAnswer = (thrown: unknown): boolean =>
  thrown instanceof Fault &&
  thrown.cause instanceof VaultRefused &&
  thrown.cause.refusal.status !== undefined;

const rowsOf = ({ signing }: KeyRows, wanted: readonly SigningAlgorithm[]) =>
  signing.filter(({ value }) => wanted.includes(value.alg));

const othersThan = (wanted: readonly SigningAlgorithm[]) =>
  algorithms.filter((alg) => !wanted.includes(alg));

const missing = (
  { keys, states }: Proven,
  wanted: readonly SigningAlgorithm[],
): readonly SigningAlgorithm[] =>
  wanted.filter((alg) => !keys.some((key) => key.alg === alg && states.get(key) === 'current'));

/** Where keys are made here: the one in use is old, or the vault's, which signs more slowly. */
const isDue = ({ keys, states }: Proven, alg: SigningAlgorithm, now: Date): boolean =>
  keys.some(
    (key) =>
      key.alg === alg &&
      states.get(key) === 'current' &&
      (key.row.value.vaultVersion !== undefined ||
        now.getTime() - Date.parse(key.useFrom) >= renewAfterMs),
  );

type Insertion = ReturnType<typeof insert>;

function insertion(
  { alg, made }: { readonly alg: SigningAlgorithm; readonly made: Made },
  now: Date,
  useFrom: Date,
): Insertion {
  const row: SigningKey = {
    alg,
    ...made.material,
    createdAt: now.toISOString(),
    useFrom: useFrom.toISOString(),
  };
  return insert(made.kid, row);
}

/**
 * What is counted under a name made with this key is counted by the UTC day: the key changes between two
 * days, so that no count begins anew within one.
 */
const momentOf = (purpose: KeyPurpose, now: Date): Date =>
  purpose === 'limits' ? startOfDay(now) : now;

/** One derived key per purpose (HKDF-SHA-256, RFC 5869). */
export const derive = (master: KeyObject, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', master, '', `vestibule ${purpose}`, 32)));
