import { type FieldReport, type ItemReport, isEnabled } from '../../shared/policy/index.ts';
import type { CheckedExports, CheckedFile } from '../exports.ts';
import { counted, type Paint, printable } from '../text.ts';

type Issue = ItemReport['issues'][number];

export type Totals = {
  readonly policies: number;
  readonly namedLocations: number;
  /** Items with nothing against enabling them. */
  readonly enforceable: number;
  readonly enforced: number;
  readonly carried: number;
  readonly refused: number;
  readonly errors: number;
  readonly warnings: number;
  readonly information: number;
};

export function totalsOf({ files }: CheckedExports): Totals {
  const items = files.flatMap(({ report }) => report.items);
  const ofKind = (kind: CheckedFile['kind']) =>
    files.filter((file) => file.kind === kind).flatMap(({ report }) => report.items).length;
  const fields = [...files.map(({ report }) => report), ...items].flatMap((part) => part.fields);
  const issues = [...files.map(({ report }) => report), ...items].flatMap((part) => part.issues);
  const standing = (word: FieldReport['standing']) =>
    fields.filter((field) => field.standing === word).length;
  const severity = (word: Issue['severity']) =>
    issues.filter((issue) => issue.severity === word).length;
  return {
    policies: ofKind('policies'),
    namedLocations: ofKind('namedLocations'),
    enforceable: items.filter((item) => item.enforceable).length,
    enforced: standing('enforced'),
    carried: standing('carried'),
    refused: standing('refused'),
    errors: severity('error'),
    warnings: severity('warning'),
    information: severity('information'),
  };
}

const colours = {
  enforced: 'green',
  carried: 'dim',
  refused: 'red',
  error: 'red',
  warning: 'yellow',
  information: 'dim',
} as const;

type Row = readonly [word: keyof typeof colours, place: string, said: string];

export function policyReportText(checked: CheckedExports, totals: Totals, paint: Paint): string {
  const blocks = checked.files.flatMap((file) => fileBlocks(file, paint));
  return [...blocks, closing(checked, totals, paint)].join('\n\n');
}

function fileBlocks({ file, kind, report }: CheckedFile, paint: Paint): string[] {
  const rows = [
    ...report.fields.map((f) => fieldRow(f, '', {})),
    ...report.issues.map((issue) => issueRow(issue, '')),
  ];
  // What was refused is said once, by its error.
  const beside = rows.filter(([word]) => word !== 'refused');
  const whole = beside.length === 0 ? [] : [block(heading(paint, file, []), beside, paint)];
  const items = report.items.map((item) => {
    const state = kind === 'policies' ? [stateOf(item)] : [];
    const head = heading(paint, item.displayName || item.id, [...state, file + hash(item.pointer)]);
    const fields = item.fields.map((field) => fieldRow(field, item.pointer, item));
    const own = item.issues.map((issue) => issueRow(issue, item.pointer));
    return block(head, [...fields, ...own], paint);
  });
  return [...whole, ...items];
}

const hash = (pointer: string): string => (pointer === '' ? '' : `#${pointer}`);

const heading = (paint: Paint, name: string, more: readonly string[]): string =>
  [paint('bold', printable(name)), ...more.map(printable)].join('  ');

function stateOf({ item }: ItemReport): string {
  if (isEnabled(item)) return 'enabled';
  const state = item['state'] ?? item['State'];
  return typeof state === 'string' && /^enabledForReporting/i.test(state)
    ? 'report-only'
    : 'disabled';
}

function fieldRow(field: FieldReport, base: string, item: Partial<ItemReport>): Row {
  const place = placeBelow(field.pointer, base);
  return [field.standing, place, field.reason ?? valueAt(place, item)];
}

const issueRow = ({ severity, pointer, message }: Issue, base: string): Row => [
  severity,
  placeBelow(pointer, base),
  message,
];

/** Pointers of a policy begin at the policy: the heading says where that is in its file. */
const placeBelow = (pointer: string, base: string): string =>
  pointer.slice(base.length) || '(whole)';

const widest = 60;

/** What stands there, short enough for a line. */
function valueAt(place: string, { item, id }: Partial<ItemReport>): string {
  if (/^\/id$/i.test(place)) return id ?? '';
  let at: unknown = item;
  for (const step of place.slice(1).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return '';
    at = (at as Record<string, unknown>)[key];
  }
  const text = typeof at === 'string' ? at : (JSON.stringify(at) ?? '');
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}

function block(head: string, rows: readonly Row[], paint: Paint): string {
  const cells = rows.map(
    ([word, place, said]) => [word, printable(place), printable(said)] as const,
  );
  const width = (of: (cell: (typeof cells)[number]) => string) =>
    Math.max(0, ...cells.map((cell) => Array.from(of(cell)).length));
  const [words, places] = [width(([word]) => word), width(([, place]) => place)];
  const lines = cells.map(([word, place, said]) => {
    const gap = ' '.repeat(places - Array.from(place).length);
    return `  ${paint(colours[word], word.padEnd(words))}  ${place}${gap}  ${said}`.trimEnd();
  });
  return [head, ...lines].join('\n');
}

function closing(checked: CheckedExports, totals: Totals, paint: Paint): string {
  const { policies, namedLocations, enforceable, errors, warnings, information } = totals;
  const all = policies + namedLocations;
  const refused = all - enforceable;
  const lines = [
    `${counted(policies, 'policy', 'policies')} and ${counted(namedLocations, 'named location')} in ${counted(checked.files.length, 'file')}: ${enforceable} can be enforced, ${refused} cannot`,
    [
      errors > 0 ? paint('red', counted(errors, 'error')) : 'no errors',
      warnings > 0 ? paint('yellow', counted(warnings, 'warning')) : 'no warnings',
      `${information} for information`,
    ].join(', '),
  ];
  if (checked.isConfiguration)
    lines.push(`${counted(checked.guests, 'guest')} counted, as the folder has them`);
  for (const file of checked.unreadableGuests)
    lines.push(paint('yellow', `not counted, because it is no guest: ${printable(file)}`));
  return lines.join('\n');
}
