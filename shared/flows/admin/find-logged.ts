import {
  logKeys,
  type Reference,
  readLogKeys,
  readReference,
  writeReference,
} from '../../core/reference.ts';
import { readRow } from '../../rows/row.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { configurationIfAny, type House } from '../house.ts';
import type { Log, Logged } from './walk-log.ts';

export type Found<Entry> = Logged<Entry> & {
  readonly kind: 'found';
  /** Entries whose place was taken when they were written: the same reference leads to them. */
  readonly sameReference: readonly Reference[];
  readonly configuration: Configuration | undefined;
};

/**
 * The entry that a reference code leads to, as somebody read it out. Refusals before anything was
 * stored have a code and no entry. Throws `Fault('storedRowUnreadable')`.
 */
export async function findLogged<Entry>(
  house: House,
  log: Log<Entry>,
  reference: string,
): Promise<Found<Entry> | { readonly kind: 'noSuchEntry' }> {
  const place = readReference(reference);
  if (!place) return { kind: 'noSuchEntry' };
  const { partition, row } = logKeys(log.word, place);
  const rows = await house.store.load({ table: 'log', key: partition }, { prefixes: [row] });
  const [first] = rows;
  if (!first) return { kind: 'noSuchEntry' };
  const [id = '', ...sameReference] = rows
    .map(({ key }) => readLogKeys(partition, key))
    .filter((each) => each !== undefined)
    .map(writeReference);
  const { value: entry } = readRow(log.row, first);
  const configuration = await configurationIfAny(house);
  return { kind: 'found', id, entry, sameReference, configuration };
}
