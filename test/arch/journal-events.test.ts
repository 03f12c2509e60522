import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { journalEvents } from '../../shared/core/journal-events.ts';

const read = (file: string): string => readFileSync(file, 'utf8');
const catalogue = 'shared/core/journal-events.ts';
const sources = globSync('shared/**/*.ts')
  .filter((file) => file !== catalogue)
  .map(read)
  .join('\n');

describe('events of the journal', () => {
  it('stand in docs/events.md as they stand in the catalogue', () => {
    const rows = read('docs/events.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows).toEqual(
      Object.entries(journalEvents).map(
        ([event, [levels, says]]) => `| \`${event}\` | ${levels.join(', ')} | ${says} |`,
      ),
    );
  });

  it.each(Object.keys(journalEvents))('%s is written by somebody', (event) => {
    expect(sources).toContain(`'${event}'`);
  });

  it('an alarm is in the handbook, with what to do', () => {
    const handbook = read('docs/operations.md');
    const alarms = Object.entries(journalEvents)
      .filter(([, [levels]]) => levels.some((level) => level === 'alarm'))
      .map(([event]) => event);
    expect(alarms.filter((event) => !handbook.includes(`\`${event}\``))).toEqual([]);
  });
});
