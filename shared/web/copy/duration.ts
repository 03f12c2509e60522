/** In words, for “in …”: seconds up to a minute and a half, then whole minutes, never too few. */
export function duration(locale: string, seconds: number): string {
  const [unit, count] = seconds < 90 ? ['second', seconds] : ['minute', Math.ceil(seconds / 60)];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}
