/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** Three digits that count, thousands apart: 12,300 · 1,240 · 85.1 · 0.47 */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const rounded = Number(value.toPrecision(3));
  return rounded.toLocaleString('en-GB', { maximumFractionDigits: rounded < 10 ? 2 : 1 });
}

export const ratio = (a: number, b: number): string => `${number(a / b)}×`;

export const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
