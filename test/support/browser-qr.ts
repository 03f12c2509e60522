import type { Locator, Page } from 'playwright-core';

/**
 * Reads a QR code as a camera does: from the pixels that were painted. Versions 1 to 10 at level M,
 * without error correction, since a screen makes no errors.
 * @see ISO/IEC 18004
 */
export async function readQr(figure: Locator, blank: Page): Promise<string> {
  const png = await figure.screenshot();
  return decode(gridOf(await pixelsOf(png, blank)));
}

type Picture = { readonly width: number; readonly height: number; readonly dark: string };

/** One character a pixel, `1` for dark. */
async function pixelsOf(png: Buffer, blank: Page): Promise<Picture> {
  const source = `(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png.toString('base64')}';
    await image.decode();
    const { width, height } = image;
    const canvas = new OffscreenCanvas(width, height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, width, height);
    let dark = '';
    for (let i = 0; i < data.length; i += 4) dark += data[i] + data[i + 1] + data[i + 2] < 384 ? '1' : '0';
    return { width, height, dark };
  })()`;
  return blank.evaluate(source);
}

type Grid = { readonly size: number; readonly at: (x: number, y: number) => boolean };

/** The modules, found by the first finder pattern, which is seven wide. */
function gridOf({ width, height, dark }: Picture): Grid {
  const isDark = (x: number, y: number) => dark[y * width + x] === '1';
  const first = dark.indexOf('1');
  const [left, top] = [first % width, Math.floor(first / width)];
  let run = 0;
  while (isDark(left + run, top)) run++;
  let right = width - 1;
  while (right > left && !isDark(right, top)) right--;
  const size = Math.round((right + 1 - left) / (run / 7));
  const unit = (right + 1 - left) / size;
  if (first < 0 || size % 4 !== 1 || top + size * unit > height + 1)
    throw new Error('there is no QR code');
  const middle = (start: number, index: number) => Math.floor(start + (index + 0.5) * unit);
  return { size, at: (x, y) => isDark(middle(left, x), middle(top, y)) };
}

/** Data bytes per block at level M, by version. */
const blocksM: readonly (readonly number[])[] = [
  [],
  [16],
  [28],
  [44],
  [32, 32],
  [43, 43],
  [27, 27, 27, 27],
  [31, 31, 31, 31],
  [38, 38, 39, 39],
  [36, 36, 36, 37, 37],
  [43, 43, 43, 43, 44],
];
const alignmentOf = (version: number): readonly number[] => {
  const last = version * 4 + 10;
  if (version === 1) return [];
  return version < 7 ? [6, last] : [6, Math.round((6 + last) / 4) * 2, last];
};

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function decode(grid: Grid): string {
  const version = (grid.size - 17) / 4;
  const blocks = blocksM[version];
  // level and mask stand beside the first finder pattern, under a fixed mask of their own
  const format = [0, 1, 2, 3, 4].map((x) => Number(grid.at(x, 8))).join('');
  const plain = Number.parseInt(format, 2) ^ 0b10101;
  const mask = masks[plain & 7];
  if (!blocks || !mask || plain >> 3 !== 0) throw new Error('another kind of QR code');
  return textOf(deinterleaved(codewords(grid, version, mask), blocks));
}

/** All modules that carry data, two columns at a time, up and down from the right. */
function codewords(
  grid: Grid,
  version: number,
  mask: (x: number, y: number) => boolean,
): readonly number[] {
  const { size } = grid;
  let bits = '';
  let goesUp = true;
  for (let column = size - 1; column > 0; column -= 2) {
    // the timing pattern has a column of its own
    if (column === 6) column--;
    for (let i = 0; i < size; i++) {
      const y = goesUp ? size - 1 - i : i;
      for (const x of [column, column - 1])
        if (!isFunction(x, y, size, version)) bits += grid.at(x, y) === mask(x, y) ? '0' : '1';
    }
    goesUp = !goesUp;
  }
  return bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [];
}

function isFunction(x: number, y: number, size: number, version: number): boolean {
  if (x === 6 || y === 6) return true;
  if (x < 9 && y < 9) return true;
  if ((x >= size - 8 && y < 9) || (x < 9 && y >= size - 8)) return true;
  if (version >= 7 && ((x >= size - 11 && y < 6) || (y >= size - 11 && x < 6))) return true;
  const centres = alignmentOf(version);
  const near = (at: number) => centres.find((centre) => Math.abs(centre - at) <= 2);
  const [cx, cy] = [near(x), near(y)];
  if (cx === undefined || cy === undefined) return false;
  const last = size - 7;
  const isFinder = (cx === 6 && cy === 6) || (cx === 6 && cy === last) || (cx === last && cy === 6);
  return !isFinder;
}

function deinterleaved(words: readonly number[], blocks: readonly number[]): readonly number[] {
  const found: number[][] = blocks.map(() => []);
  let next = 0;
  for (let i = 0; i < Math.max(...blocks); i++)
    for (const [index, length] of blocks.entries())
      if (i < length) found[index]?.push(words[next++] ?? 0);
  return found.flat();
}

function textOf(bytes: readonly number[]): string {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  let at = 0;
  const take = (count: number) => {
    at += count;
    return Number.parseInt(bits.slice(at - count, at), 2);
  };
  let text = '';
  for (;;) {
    const mode = at + 4 <= bits.length ? take(4) : 0;
    if (mode === 0) return text;
    if (mode === 0b0100) {
      const octets = Array.from({ length: take(8) }, () => take(8));
      text += Buffer.from(octets).toString('utf8');
    } else if (mode === 0b0010) text += alphanumeric(take, take(9));
    else if (mode === 0b0001) text += numeric(take, take(10));
    else throw new Error(`QR code with mode ${mode}`);
  }
}

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

function alphanumeric(take: (count: number) => number, length: number): string {
  let text = '';
  for (let left = length; left > 0; left -= 2) {
    const value = take(left > 1 ? 11 : 6);
    if (left > 1) text += letters[Math.floor(value / 45)] ?? '';
    text += letters[value % 45] ?? '';
  }
  return text;
}

function numeric(take: (count: number) => number, length: number): string {
  let text = '';
  for (let left = length; left > 0; left -= 3) {
    const digits = Math.min(left, 3);
    text += String(take(digits * 3 + 1)).padStart(digits, '0');
  }
  return text;
}
