import { tableNames } from '../../shared/adapters/store/discipline.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import type { TableName } from '../../shared/ports.ts';

/** `config` last: it has the keys that rows of the others name, also where the app was not stopped. */
export const copiedTables: readonly TableName[] = [
  ...tableNames.filter((name) => name !== 'config'),
  'config',
];

export const isTable = (name: string): boolean => copiedTables.some((each) => each === name);

export type Row = { readonly partition: string; readonly key: string; readonly value: JsonObject };

/** Where tables lie: a service, or a folder. */
export type Place = {
  isEmpty(table: TableName): Promise<boolean>;
  read(table: TableName): AsyncIterable<readonly Row[]>;
  write(table: TableName, pages: AsyncIterable<readonly Row[]>): Promise<void>;
};

/** Rows as they are. A place that has rows already is refused before anything is written: two copies mixed are none. */
export async function copyTables(
  from: Place,
  to: Place,
  tables: readonly TableName[],
): Promise<ReadonlyMap<TableName, number>> {
  for (const table of tables)
    if (!(await to.isEmpty(table)))
      throw new Error(`${table} has rows where they are to be written`);
  const copied = new Map<TableName, number>();
  for (const table of tables) {
    let count = 0;
    async function* counted() {
      for await (const rows of from.read(table)) {
        count += rows.length;
        yield rows;
      }
    }
    await to.write(table, counted());
    copied.set(table, count);
  }
  return copied;
}
