import type * as z from 'zod';
import { Fault } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Change, StoredRow } from '../ports.ts';

/** One kind of row: its name for faults and the shape that a stored one must have. */
export type RowKind<T> = { readonly name: string; readonly schema: z.ZodType<T> };

/** A row as it was read: writing it back demands that it has not changed since. */
export type Versioned<T> = { readonly key: string; readonly value: T; readonly etag: string };

/** Throws `Fault('storedRowUnreadable')` naming the kind: a row we cannot read grants nothing. */
export function readRow<T>(kind: RowKind<T>, stored: StoredRow): Versioned<T> {
  const parsed = kind.schema.safeParse(stored.value);
  if (!parsed.success)
    throw new Fault('storedRowUnreadable', { detail: kind.name, cause: parsed.error });
  return { key: stored.key, value: parsed.data, etag: stored.etag };
}

export function findRow<T>(
  kind: RowKind<T>,
  rows: readonly StoredRow[],
  key: string,
): Versioned<T> | undefined {
  const stored = rows.find((row) => row.key === key);
  return stored && readRow(kind, stored);
}

export function rowsWith<T>(
  kind: RowKind<T>,
  rows: readonly StoredRow[],
  prefix: string,
): readonly Versioned<T>[] {
  return rows.filter((row) => row.key.startsWith(prefix)).map((row) => readRow(kind, row));
}

// A row's value is JSON by its schema; the cast says so once, here.

export const insert = <T extends object>(key: string, value: T): Change => ({
  kind: 'insert',
  key,
  value: value as JsonObject,
});

export const replace = <T extends object>(row: Versioned<T>, value: T): Change => ({
  kind: 'replace',
  key: row.key,
  value: value as JsonObject,
  etag: row.etag,
});

export const remove = (row: { readonly key: string; readonly etag: string }): Change => ({
  kind: 'delete',
  key: row.key,
  etag: row.etag,
});

/** Whatever its version: for a row whose purpose is over, which nobody can need any more. */
export const removeAnyway = (key: string): Change => ({ kind: 'delete', key, etag: '*' });

/**
 * For a row that an earlier compare-and-swap has made this request's own, so that nobody else may
 * change it: it must still exist, its version does not matter.
 */
export const replaceOwned = <T extends object>(key: string, value: T): Change => ({
  kind: 'replace',
  key,
  value: value as JsonObject,
  etag: '*',
});
