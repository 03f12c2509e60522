import type { TableName } from '../../ports.ts';
import type { Properties } from './format.ts';

/**
 * What the discipline (`store-discipline.ts`) needs of a table service. One call = at most one
 * request on the wire; nothing here retries, waits longer than `timeoutMs` or validates.
 */
export interface Wire {
  query(
    table: TableName,
    where: Where,
    page: { readonly limit: number; readonly cursor?: string | undefined },
    timeoutMs: number,
  ): Promise<WirePage>;
  /** All or none. `refused`: a row exists, is gone or has another etag. */
  write(
    table: TableName,
    partition: string,
    writes: readonly Write[],
    timeoutMs: number,
  ): Promise<'written' | 'refused'>;
  ensureTable(table: TableName, timeoutMs: number): Promise<void>;
}

export type RowRange = { readonly key: string } | { readonly from: string; readonly to: string };

export type Where =
  | { readonly partition: string; readonly rows?: readonly RowRange[] }
  | { readonly partitions: { readonly from: string; readonly to: string } };

export type WireRow = {
  readonly partition: string;
  readonly key: string;
  readonly etag: string;
  readonly properties: Properties;
};

export type WirePage = { readonly rows: readonly WireRow[]; readonly cursor?: string | undefined };

export type Write =
  | { readonly kind: 'insert'; readonly key: string; readonly properties: Properties }
  | {
      readonly kind: 'replace';
      readonly key: string;
      readonly properties: Properties;
      readonly etag: string;
    }
  | { readonly kind: 'delete'; readonly key: string; readonly etag: string };

/**
 * No answer, or one that leaves open whether a write was carried out: timeout, reset, 5xx, 429.
 * Carries no request: its headers and URL may hold a signature.
 */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}
