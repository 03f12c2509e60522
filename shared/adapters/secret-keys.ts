import {
  createHash,
  createPublicKey,
  createSecretKey,
  type JsonWebKey,
  randomBytes,
  verify,
} from 'node:crypto';
import { secretAheadMs } from '../checks/key-life.ts';
import { Fault } from '../core/errors.ts';
import { randomToken } from '../core/ids.ts';
import { later } from '../core/time.ts';
import type { Journal, ListedSecret, NamedKey } from '../ports.ts';
import { insert } from '../rows/row.ts';
import { type SecretKey, secretKeyClaim, secretKeyKey } from '../rows/signing-key.ts';
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
  const opened = new Map<string, Promise<NamedKey | undefined>>();

  function open(row: SecretKey): Promise<NamedKey | undefined> {
    const id = `${row.id} ${row.wrappedBy} ${row.wrapped}`;
    const asked =
      opened.get(id) ??
      unwrap(row).catch((thrown: unknown) => {
        // the next request tries again
        opened.delete(id);
        throw thrown;
      });
    opened.set(id, asked);
    return asked;
  }

  async function unwrap(row: SecretKey): Promise<NamedKey | undefined> {
    if (await isVouchedFor(row)) {
      const wrapped = Buffer.from(row.wrapped, 'base64url');
      const bytes = await vault.unwrap(keyEncryption, row.wrappedBy, wrapped);
      if (bytes !== 'refused' && bytes.length === 32)
        return { id: row.id, key: createSecretKey(bytes) };
    }
    journal.line('alarm', 'secretKeyForeign', { id: row.id });
    return undefined;
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

  async function make({ secrets }: KeyRows, useFrom: Date): Promise<SecretKey> {
    const newest = await vault.newest(keyEncryption);
    if (!newest)
      throw new Fault('keyUnavailable', { detail: `vault ${keyEncryption}: no usable version` });
    const { version } = newest;
    const wrapped = await vault.wrap(keyEncryption, version, randomBytes(32));
    const made = {
      id: randomToken().slice(0, 8),
      number: (secrets.at(-1)?.value.number ?? 0) + 1,
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
        const row = rows.secrets.find(({ value }) => value.id === which.id);
        return row && open(row.value);
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
        const waiting = rows.secrets.findLast(
          ({ value }) => Date.parse(value.useFrom) > now.getTime(),
        );
        if (waiting) return { changes: [], answer: listed(waiting.value, undefined, now) };
        const made = await make(rows, later(now, secretAheadMs));
        const answer = listed(made, undefined, now);
        return { changes: [insert(secretKeyKey(made.number), made)], answer };
      }),
  };
}

function listed(row: SecretKey, current: string | undefined, now: Date): ListedSecret {
  const useFrom = new Date(row.useFrom);
  const { id } = row;
  const state = id === current ? 'current' : useFrom > now ? 'next' : 'former';
  return { id, state, createdAt: new Date(row.createdAt), useFrom };
}
