import { step } from './pointers.ts';

interface Open {
  readonly pointer: string;
  /** Undefined: a list. */
  readonly keys: Set<string> | undefined;
  index: number;
  /** The member a value is awaited for. */
  key: string | undefined;
}

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

function childPointer(parent: Open | undefined): string {
  if (parent === undefined) return '';
  return step(parent.pointer, parent.key ?? parent.index);
}

/** Where a key stands that its object already has. The text must be valid JSON. */
export function duplicateMembers(text: string): readonly string[] {
  const duplicates: string[] = [];
  const stack: Open[] = [];
  for (const [part] of text.matchAll(token)) {
    const top = stack.at(-1);
    if (part === '{' || part === '[') {
      const keys = part === '{' ? new Set<string>() : undefined;
      stack.push({ pointer: childPointer(top), keys, index: 0, key: undefined });
    } else if (part === '}' || part === ']') {
      stack.pop();
    } else if (part === ',' && top !== undefined) {
      top.index += 1;
      top.key = undefined;
    } else if (top?.keys !== undefined && top.key === undefined && part.startsWith('"')) {
      const key: unknown = JSON.parse(part);
      top.key = String(key);
      if (top.keys.has(top.key)) duplicates.push(step(top.pointer, top.key));
      top.keys.add(top.key);
    }
  }
  return duplicates;
}
