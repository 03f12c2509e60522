/** Cost of a decision against the number of policies, both on logarithmic scales, as one SVG. */
export type Line = {
  readonly name: string;
  /** Microseconds a decision, by number of policies. */
  readonly points: readonly (readonly [policies: number, microseconds: number])[];
  readonly isOurs: boolean;
};

const width = 760;
const height = 460;
const area = { left: 70, right: 590, top: 56, bottom: 400 };
const policiesShown = [20, 60, 200, 600, 2000, 6000];

const log = Math.log10;

function scale([from, to]: readonly [number, number], [start, end]: readonly [number, number]) {
  return (value: number) =>
    start + ((log(value) - log(from)) / (log(to) - log(from))) * (end - start);
}

const shown = (value: number): string =>
  value.toLocaleString('en-GB', { maximumFractionDigits: 0 });
const timeShown = (us: number): string => (us < 1000 ? `${us} µs` : `${shown(us / 1000)} ms`);

export function growthPlot(lines: readonly Line[], title: string): string {
  const costs = lines.flatMap(({ points }) => points.map(([, us]) => us));
  const decades = [
    Math.floor(log(Math.min(...costs))),
    Math.ceil(log(Math.max(...costs))),
  ] as const;
  const x = scale([20, 6000], [area.left, area.right]);
  const y = scale([10 ** decades[0], 10 ** decades[1]], [area.bottom, area.top]);
  const ticks = Array.from(
    { length: decades[1] - decades[0] + 1 },
    (_, i) => 10 ** (decades[0] + i),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-labelledby="title">
<title id="title">${title}</title>
<style>
svg { --ink: #1f2328; --grid: #d8dee4; --ground: #ffffff; --ours: #0969da; --other: #6e7781; background: var(--ground); }
@media (prefers-color-scheme: dark) { svg { --ink: #e6edf3; --grid: #30363d; --ground: #0d1117; --ours: #4493f8; --other: #9198a1; } }
text { fill: var(--ink); } .grid { stroke: var(--grid); } .line { fill: none; stroke: var(--other); stroke-width: 1.5; } .ours { stroke: var(--ours); stroke-width: 2.5; }
.dot { fill: var(--other); } .dot.ours { fill: var(--ours); stroke: none; } .name { fill: var(--other); } .name.ours { fill: var(--ours); font-weight: 600; } .name, .name.ours { stroke: var(--ground); stroke-width: 5; stroke-linejoin: round; paint-order: stroke; }
</style>
<rect width="${width}" height="${height}" fill="var(--ground)"/>
<text x="${area.left}" y="26" font-size="15" font-weight="600">${title}</text>
${ticks.map((us) => `<line class="grid" x1="${area.left}" x2="${area.right}" y1="${at(y(us))}" y2="${at(y(us))}"/><text x="${area.left - 8}" y="${at(y(us) + 4)}" text-anchor="end">${timeShown(us)}</text>`).join('\n')}
${policiesShown.map((count) => `<line class="grid" x1="${at(x(count))}" x2="${at(x(count))}" y1="${area.top}" y2="${area.bottom}"/><text x="${at(x(count))}" y="${area.bottom + 20}" text-anchor="middle">${shown(count)}</text>`).join('\n')}
<text x="${(area.left + area.right) / 2}" y="${area.bottom + 44}" text-anchor="middle">policies (both scales logarithmic)</text>
${lines.map((line) => drawn(line, x, y)).join('\n')}
${named(lines, x, y).join('\n')}
</svg>
`;
}

const at = (value: number): string => value.toFixed(1);

type Scale = (value: number) => number;

function drawn({ points, isOurs }: Line, x: Scale, y: Scale): string {
  const kind = isOurs ? ' ours' : '';
  const path = points.map(([count, us]) => `${at(x(count))},${at(y(us))}`).join(' ');
  const dots = points.map(
    ([count, us]) => `<circle class="dot${kind}" cx="${at(x(count))}" cy="${at(y(us))}" r="3"/>`,
  );
  return `<polyline class="line${kind}" points="${path}"/>\n${dots.join('')}`;
}

/** Beside the end of each line, a line of text apart from the next one that ends there. */
function named(lines: readonly Line[], x: Scale, y: Scale): readonly string[] {
  const above = new Map<number, number>();
  return lines
    .flatMap(({ name, points, isOurs }) => {
      const last = points.at(-1);
      return last ? [{ name, isOurs, right: x(last[0]), wanted: y(last[1]) + 4 }] : [];
    })
    .sort((a, b) => b.wanted - a.wanted)
    .map(({ name, isOurs, right, wanted }) => {
      const own = Math.min(wanted, (above.get(right) ?? Number.POSITIVE_INFINITY) - 16);
      above.set(right, own);
      return `<text class="name${isOurs ? ' ours' : ''}" x="${at(right + 8)}" y="${at(own)}">${name}</text>`;
    });
}
