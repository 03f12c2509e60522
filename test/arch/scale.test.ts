import { globSync, readFileSync } from 'node:fs';
import { Cron } from 'croner';
import { expect, it } from 'vitest';
import given from '../../scripts/scale/given.json' with { type: 'json' };
import { readWays, scalePage } from '../../scripts/scale/scale.ts';

const performancePage = readFileSync('docs/performance.md', 'utf8');

it('docs/scale.md is what the counted calls and the given prices come to', () => {
  expect(readFileSync('docs/scale.md', 'utf8')).toBe(scalePage(readWays(performancePage)));
});

it('more calls cost more, and a page without the counts is refused', () => {
  const ways = readWays(performancePage);
  const dearer = { ...ways, session: { ...ways.session, tableCalls: 500 } };
  expect(scalePage(dearer)).not.toBe(scalePage(ways));
  expect(() => readWays('nothing')).toThrow('Federated sign-in with TOTP');
});

it('timers are counted as often as they run', () => {
  const schedules = globSync('functions/*.ts').flatMap((file) => {
    const found = /schedule: '([^']+)'/.exec(readFileSync(file, 'utf8'));
    return found?.[1] ? [found[1]] : [];
  });
  expect(schedules.length).toBeGreaterThan(1);
  const [from, to] = [new Date('2026-01-05T10:00:00.000Z'), new Date('2026-01-05T11:00:00.000Z')];
  const runs = schedules.flatMap((schedule) =>
    new Cron(schedule, { timezone: 'UTC' })
      .nextRuns(1000, new Date(from.getTime() - 1))
      .filter((run) => run >= from && run < to),
  );
  expect(runs.length).toBe(given.counted.timerRunsPerHour);
});

it('instances are reckoned as the template allows them, and what it allows can be raised', () => {
  const template = readFileSync('infra/main.bicep', 'utf8');
  const numberOf = (pattern: RegExp) => Number(pattern.exec(template)?.[1]);
  expect(given.limits.instances).toBe(numberOf(/^param maximumInstances int = (\d+)$/m));
  expect(given.limits.mostInstances).toBe(
    numberOf(/^@maxValue\((\d+)\)\nparam maximumInstances /m),
  );
  expect(given.assumed.instanceGigabytes * 1024).toBe(
    numberOf(/^param instanceMemoryMB int = (\d+)$/m),
  );
  const rows = readFileSync('docs/scale.md', 'utf8').split('\n');
  const instances = rows.filter((row) => row.startsWith('| instances |'));
  expect(instances).toHaveLength(3);
  for (const row of instances) expect(row).toContain('`maximumInstances`, up to 1,000');
});

it('a quiet month is paid by what an instance is up for, a busy one by what fills instances', () => {
  const ways = readWays(performancePage);
  const cells = scalePage(ways)
    .split('\n')
    .filter((line) => /^\| 10{0,2},000,000 \|/.test(line))
    .map((line) => line.split('|').map((cell) => Number(cell.replaceAll(',', ''))));
  const [seldom = [], , often = []] = cells;
  expect(cells.map(([, size]) => size)).toEqual([1e6, 1e7, 1e8]);
  const gigabyteSeconds = (row: readonly number[]) =>
    (row[3] ?? Number.NaN) / given.prices.gigabyteSecond;
  // more than all of it packed, and not more than an instance that never rests
  const packed = 1e6 * 3.2 * 0.15 * 0.5;
  expect(gigabyteSeconds(seldom)).toBeGreaterThan(10 * packed);
  expect(gigabyteSeconds(seldom)).toBeLessThan(30 * 86_400 * 2);
  expect(gigabyteSeconds(often)).toBeGreaterThan(100 * packed);
  expect(gigabyteSeconds(often)).toBeLessThan(100 * packed * 1.05);
});
