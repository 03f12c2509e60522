import {
  createHash,
  createPublicKey,
  createSecretKey,
  type JsonWebKey,
  randomBytes,
  verify,
} from 'node:crypto';
import { proofAgeMs, secretAheadMs } from '../../checks/key-life.ts';
import { Fault } from '../../core/errors.ts';
import { randomToken } from '../../core/ids.ts';
import { later } from '../../core/time.ts';
import type { Journal, ListedSecret, NamedKey } from '../../ports.ts';
import { insert } from '../../rows/row.ts';
import { type SecretKey, secretKeyClaim, secretKeyKey } from '../../rows/signing-key.ts';
import type { KeyRows, KeyTable } from './key-table.ts';
import type { Vault } from './vault.ts';

/** Keys that others are derived from. */
export type SecretSource = {
  /** By id, or the one that makes new values at that moment. Undefined: nobody's id. */
  find(which: { readonly id: string } | { readonly at: Date }): Promise<NamedKey | undefined>;
  list(now: Date): Promise<readonly ListedSecret[]>;
  /** Undefined where there is but one. */
  rotate(): Promise<ListedSecret | undefined>;
};

/** The local world's: one key, from the environment. */
export const oneSecret = (key: NamedKey): SecretSource => ({
  find: async (which) => ('id' in which && which.id !== key.id ? undefined : key),
  list: async () => [{ id: key.id, state: 'current' }],
  rotate: async () => undefined,
});

export const keyEncryption = 'key-encryption';

/**
 * Made here, wrapped and signed by the vault, opened once per instance. Rows are inserted and never changed: of two
 * instances that make the first one at the same time, one wins, and both use that.
 */
export function wrappedSecrets(
  vault: Vault,
  table: KeyTable,
  journal: Journal,
  clock: () => Date,
): SecretSource {
  const opened = new Map<string, Promise<NamedKey>>();
  /** When a row was found not to be ours: it is looked at again, for somebody may put it right. */
  const refusedAt = new Map<string, number>();

  async function open(row: SecretKey): Promise<NamedKey | undefined> {
    // all that is vouched for, so that a row that was changed is another one
    const name = secretKeyClaim(row) + row.proof;
    const sinceMs = clock().getTime() - (refusedAt.get(name) ?? Number.NaN);
    if (sinceMs >= 0 && sinceMs < proofAgeMs) return undefined;
    const asked = opened.get(name) ?? unwrap(row);
    opened.set(name, asked);
    try {
      return await asked;
    } catch (thrown) {
      // the next request tries again
      opened.delete(name);
      if (!(thrown instanceof NotOurs)) throw thrown;
      if (refusedAt.get(name) !== clock().getTime())
        journal.line('alarm', 'secretKeyForeign', { id: row.id });
      refusedAt.set(name, clock().getTime());
      return undefined;
    }
  }

  async function unwrap(row: SecretKey): Promise<NamedKey> {
    if (!(await isVouchedFor(row))) throw new NotOurs();
    const wrapped = Buffer.from(row.wrapped, 'base64url');
    const bytes = await vault.unwrap(keyEncryption, row.wrappedBy, wrapped);
    if (bytes === 'refused' || bytes.length !== 32) throw new NotOurs();
    return { id: row.id, key: createSecretKey(bytes) };
  }

  async function isVouchedFor(row: SecretKey): Promise<boolean> {
    const by = await vault.version(keyEncryption, row.wrappedBy);
    // it may come back, and a secret taken for lost would be replaced
    if (typeof by === 'string')
      throw new Fault('keyUnavailable', {
        detail: `vault ${keyEncryption} ${row.wrappedBy}: ${by}`,
      });
    const key = createPublicKey({ key: by.publicJwk as JsonWebKey, format: 'jwk' });
    return verify(
      'sha256',
      Buffer.from(secretKeyClaim(row)),
      key,
      Buffer.from(row.proof, 'base64url'),
    );
  }

  /** The newest that is due and opens; where none is due, the first that opens. */
  async function inUse({ secrets }: KeyRows, at: Date): Promise<NamedKey | undefined> {
    const due = secrets.filter(({ value }) => Date.parse(value.useFrom) <= at.getTime());
    for (const { value } of [...due.toReversed(), ...secrets]) {
      const key = await open(value);
      if (key) return key;
    }
    return undefined;
  }

  /** Rows that are ours as far as can be told now: no other has a say in what is made next. */
  async function ours({ secrets }: KeyRows): Promise<readonly SecretKey[]> {
    const values = secrets.map(({ value }) => value);
    const keys = await Promise.all(values.map((value) => open(value).catch(() => undefined)));
    return values.filter((_, at) => keys[at]);
  }

  async function make(rows: KeyRows, useFrom: Date): Promise<SecretKey> {
    const newest = await vault.newest(keyEncryption);
    if (!newest)
      throw new Fault('keyUnavailable', { detail: `vault ${keyEncryption}: no usable version` });
    const { version } = newest;
    const wrapped = await vault.wrap(keyEncryption, version, randomBytes(32));
    const taken = new Set(rows.secrets.map(({ key }) => key));
    let number = Math.max(0, ...(await ours(rows)).map((row) => row.number)) + 1;
    while (taken.has(secretKeyKey(number))) number++;
    const made = {
      id: randomToken().slice(0, 8),
      number,
      wrapped: Buffer.from(wrapped).toString('base64url'),
      wrappedBy: version,
      createdAt: clock().toISOString(),
      useFrom: useFrom.toISOString(),
    };
    const digest = createHash('sha256').update(secretKeyClaim(made)).digest();
    const proof = await vault.sign({ name: keyEncryption, version }, 'RS256', digest);
    return { ...made, proof: Buffer.from(proof).toString('base64url') };
  }

  const first = () =>
    table.change(async (rows) => {
      const there = await inUse(rows, clock());
      if (there) return { changes: [], answer: undefined };
      const made = await make(rows, clock());
      return { changes: [insert(secretKeyKey(made.number), made)], answer: undefined };
    });
  let making: Promise<void> | undefined;

  return {
    async find(which) {
      const rows = await table.read();
      if ('id' in which) {
        for (const { value } of rows.secrets) {
          const key = value.id === which.id ? await open(value) : undefined;
          if (key) return key;
        }
        return undefined;
      }
      const key = await inUse(rows, which.at);
      if (key) return key;
      making ??= first().finally(() => {
        making = undefined;
      });
      await making;
      return inUse(await table.read(), which.at);
    },

    async list(now) {
      const { secrets } = await table.read();
      const current = await inUse({ secrets, signing: [] }, now);
      return secrets.map(({ value }) => listed(value, current?.id, now));
    },

    rotate: () =>
      table.change(async (rows) => {
        const now = clock();
        const waiting = (await ours(rows)).findLast(
          ({ useFrom }) => Date.parse(useFrom) > now.getTime(),
        );
        if (waiting) return { changes: [], answer: listed(waiting, undefined, now) };
        const made = await make(rows, later(now, secretAheadMs));
        const answer = listed(made, undefined, now);
        return { changes: [insert(secretKeyKey(made.number), made)], answer };
      }),
  };
}

/** Neither wrapped nor signed by the vault. */
class NotOurs extends Error {}

function listed(row: SecretKey, current: string | undefined, now: Date): ListedSecret {
  const useFrom = new Date(row.useFrom);
  const { id } = row;
  const state = id === current ? 'current' : useFrom > now ? 'next' : 'former';
  return { id, state, createdAt: new Date(row.createdAt), useFrom };
}
