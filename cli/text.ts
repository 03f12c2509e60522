import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

export type Paint = (style: Style, text: string) => string;

/** Colours are for people at a terminal who did not refuse them (https://no-color.org). */
export function paintFor(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const isColoured = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text);
}

/** Control characters and those that turn the direction of writing. */
const unprintable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Names come from partners and their people: none may move the cursor or pose as another line. */
export const printable = (text: string): string => text.replaceAll(unprintable, escaped);

/** Escaped inside its strings as well: what `JSON.stringify` leaves reaches terminals too. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(unprintable, (character) =>
    character === '\n' ? character : escaped(character),
  );

/** Columns as wide as their widest cell; cells are made printable. */
export function table(
  paint: Paint,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const cells = rows.map((row) => row.map(printable));
  const widths = headings.map((heading, column) =>
    Math.max(...[heading, ...cells.map((row) => row[column] ?? '')].map(lengthOf)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - lengthOf(cell))))
      .join('  ')
      .trimEnd();
  return [paint('bold', line(headings)), ...cells.map(line)].join('\n');
}

/** Rows without a heading, indented. */
export function list(rows: readonly (readonly [string, string])[]): string {
  const cells = rows.map(([left, right]) => [printable(left), printable(right)] as const);
  const width = Math.max(0, ...cells.map(([left]) => lengthOf(left)));
  return cells
    .map(([left, right]) => `  ${left}${' '.repeat(width - lengthOf(left))}  ${right}`.trimEnd())
    .join('\n');
}

const lengthOf = (text: string): number => Array.from(text).length;

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
