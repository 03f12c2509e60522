/** What one bench found, as it is printed and written down. */
export type Table = {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

export type Budget = {
  readonly what: string;
  readonly aim: string;
  readonly figure: string;
  readonly met: boolean | 'not measured yet';
};

export type Section = {
  readonly title: string;
  /** What was measured and how, one paragraph each. */
  readonly text: readonly string[];
  readonly tables: readonly Table[];
  readonly budgets: readonly Budget[];
};

export function sectionMarkdown({ title, text, tables, budgets }: Section): string {
  const own = budgets.length > 0 ? [...tables, budgetTable(budgets)] : tables;
  return [`### ${title}`, ...text, ...own.map(tableMarkdown)].join('\n\n');
}

const budgetTable = (budgets: readonly Budget[]): Table => ({
  head: ['Budget', 'Aim', 'Figure', 'Met'],
  rows: budgets.map(({ what, aim, figure, met }) => [what, aim, figure, metText(met)]),
});

const metText = (met: Budget['met']): string =>
  typeof met === 'string' ? met : met ? 'yes' : '**no**';

/** The first column is text, the others are figures. */
function tableMarkdown({ head, rows }: Table): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0), 4),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => pad(cells[i] ?? '', width, i)).join(' | ')} |`;
  const rule = widths.map((width, i) =>
    i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

const pad = (text: string, width: number, column: number): string =>
  column === 0 ? text.padEnd(width) : text.padStart(width);
