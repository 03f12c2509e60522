import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Words after `event ==` or in `event in (…)`, in any letter case. */
function eventsAskedFor(text: string): readonly string[] {
  const queries = text.replaceAll('\\"', '"');
  const single = [...queries.matchAll(/\bevent\)? == "(\w+)"/gi)].map(([, name]) => name ?? '');
  const lists = [...queries.matchAll(/\bevent in \(([^)]*)\)/gi)].flatMap(([, list = '']) =>
    [...list.matchAll(/"(\w+)"/g)].map(([, name]) => name ?? ''),
  );
  return [...new Set([...single, ...lists])];
}

const written = new Set(
  globSync('shared/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\.line\(\s*'\w+',\s*'(\w+)'/g)].map(
      ([, name]) => name ?? '',
    ),
  ),
);

it.each([
  ['infra/modules/alerts.bicep', 9],
  ['infra/workbook.json', 7],
])('%s asks for lines that the app writes', (file, count) => {
  const asked = eventsAskedFor(readFileSync(file, 'utf8'));
  expect(asked).toHaveLength(count);
  expect(asked.filter((name) => !written.has(name))).toEqual([]);
});

it('docs/events.md names the table that alerts and workbook read', () => {
  const tables = ['infra/modules/alerts.bicep', 'infra/workbook.json'].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\b(\w*traces)\b(?= *\|)/gi)].map(([, name]) => name),
  );
  expect(new Set(tables).size).toBe(1);
  expect(readFileSync('docs/events.md', 'utf8')).toContain(`the table \`${tables[0]}\``);
});

it('every alert is in the handbook, by its name', () => {
  const alerts = readFileSync('infra/modules/alerts.bicep', 'utf8');
  const byLog = [...alerts.matchAll(/name: '([a-z-]+)'\n\s+description:/g)];
  const byMetric = [...alerts.matchAll(/name: 'vestibule-([a-z-]+)-\$\{suffix\}'/g)];
  const names = [...byLog, ...byMetric].map(([, name]) => name ?? '');
  expect(names).toHaveLength(10);
  const handbook = readFileSync('docs/operations.md', 'utf8');
  expect(names.filter((name) => !handbook.includes(`\`${name}\``))).toEqual([]);
});

it('every query of the workbook is under its period', () => {
  const { items }: { readonly items: readonly { content: Record<string, unknown> }[] } = JSON.parse(
    readFileSync('infra/workbook.json', 'utf8'),
  );
  const queries = items.map(({ content }) => content).filter((content) => 'query' in content);
  expect(queries).toHaveLength(5);
  for (const content of queries) expect(content['timeContextFromParameter']).toBe('period');
});
