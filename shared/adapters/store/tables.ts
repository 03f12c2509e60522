import { later } from '../../core/later.ts';
import { type DisciplineOptions, disciplined, type TableStore } from './discipline.ts';
import type { TablesAccess } from './tables-wire.ts';

export type TablesOptions = DisciplineOptions & TablesAccess;

/** Both store ports on a table service, whose SDK is loaded by the first request to it. */
export function openTables(options: TablesOptions): TableStore {
  const wire = later(async () => {
    const { openWire } = await import('./tables-wire.ts');
    return openWire(options);
  });
  return disciplined(
    {
      query: async (...asked) => (await wire()).query(...asked),
      write: async (...asked) => (await wire()).write(...asked),
      ensureTable: async (...asked) => (await wire()).ensureTable(...asked),
    },
    options,
  );
}
