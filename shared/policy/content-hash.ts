import { isObject } from './wire.ts';

// Four FNV-1a lanes with different offsets: names content, defends against nothing.
const offsets = [0x811c9dc5, 0x9747b28c, 0x1b873593, 0x85ebca6b];
const prime = 0x01000193;

function absorb(lanes: Uint32Array, text: string): void {
  let [a = 0, b = 0, c = 0, d = 0] = lanes;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, prime);
    b = Math.imul(b ^ (code + 0x9e37), prime);
    c = Math.imul(c ^ (code + 2 * 0x9e37), prime);
    d = Math.imul(d ^ (code + 3 * 0x9e37), prime);
  }
  const { length } = text;
  lanes[0] = Math.imul(a ^ length, prime);
  lanes[1] = Math.imul(b ^ length, prime);
  lanes[2] = Math.imul(c ^ length, prime);
  lanes[3] = Math.imul(d ^ length, prime);
}

/** A scalar as text that no other kind of scalar has. */
function scalar(value: unknown): string {
  return typeof value === 'string' ? `"${value}` : `${typeof value}:${String(value)}`;
}

/** An object with nothing but scalars, as most are: no cycle leads through it. */
function isLeaf(value: object): boolean {
  if (!isObject(value)) return false;
  for (const key of Object.keys(value))
    if (typeof value[key] === 'object' && value[key] !== null) return false;
  return true;
}

/**
 * 128 bits of a JSON value in hex, whatever the order of its members. The walk keeps its own stack:
 * what a stranger nests must not end it.
 */
export function contentHash(value: unknown): string {
  const lanes = Uint32Array.from(offsets);
  const stack: unknown[] = [value];
  const seen = new Map<unknown, number>();
  while (stack.length > 0) {
    const next = stack.pop();
    if (typeof next !== 'object' || next === null) {
      absorb(lanes, scalar(next));
      continue;
    }
    // JSON has no cycles and repeats nothing by identity; other callers' values must not loop here.
    if (!isLeaf(next)) {
      const before = seen.get(next);
      if (before !== undefined) {
        absorb(lanes, `again ${before}`);
        continue;
      }
      seen.set(next, seen.size);
    }
    if (!isObject(next)) {
      const list = next as readonly unknown[];
      absorb(lanes, `[${list.length}`);
      for (let at = list.length - 1; at >= 0; at -= 1) stack.push(list[at]);
      continue;
    }
    const keys = Object.keys(next).sort();
    absorb(lanes, `{${keys.length}`);
    for (const key of keys) stack.push(next[key], key);
  }
  return [...lanes].map((lane) => lane.toString(16).padStart(8, '0')).join('');
}

/** A GUID made of content, for what has no id of its own. */
export function contentId(value: unknown): string {
  const hash = contentHash(value);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}
