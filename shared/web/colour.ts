type Rgb = readonly [number, number, number];

export type Accent = {
  /** The organisation's colour as it is, for areas; `on` is the better readable of black and white. */
  readonly fill: string;
  readonly on: string;
  /** The same hue, moved until text of it can be read on the light and on the dark surface. */
  readonly inkOnLight: string;
  readonly inkOnDark: string;
};

const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];
const neutral = '#2f5d8a';

/** What the style sheet needs of the accent colour; anything that is not `#rrggbb` is the neutral one. */
export function accentOf(
  colour: string | undefined,
  surfaces: { readonly light: string; readonly dark: string },
): Accent {
  const fill = colour && /^#[0-9a-f]{6}$/i.test(colour) ? colour.toLowerCase() : neutral;
  const rgb = parse(fill);
  return {
    fill,
    on: contrast(rgb, white) >= contrast(rgb, black) ? '#ffffff' : '#000000',
    inkOnLight: readable(rgb, parse(surfaces.light), black),
    inkOnDark: readable(rgb, parse(surfaces.dark), white),
  };
}

/** @see WCAG 2.2, contrast ratio */
export function contrastOf(a: string, b: string): number {
  return contrast(parse(a), parse(b));
}

function readable(colour: Rgb, surface: Rgb, towards: Rgb): string {
  // 5.2 leaves room above the 4.5 of WCAG 1.4.3 for tinted surfaces
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(colour, towards, share);
    if (contrast(mixed, surface) >= 5.2) return format(mixed);
  }
  return format(towards);
}

function parse(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function format([r, g, b]: Rgb): string {
  return `#${((r << 16) | (g << 8) | b).toString(16).padStart(6, '0')}`;
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const at = (x: number, y: number) => Math.round(x + (y - x) * share);
  return [at(a[0], b[0]), at(a[1], b[1]), at(a[2], b[2])];
}

function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
