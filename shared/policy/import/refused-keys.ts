import type { Checked } from './members.ts';
import { prototypeKeys, respelled } from './pointers.ts';
import { error } from './report.ts';

/** What no object of an export may hold, at any depth. */
export function refusedKeys(source: unknown, pointer: string): Checked {
  const found = [
    ...prototypeKeys(source, pointer).map((at) => [at, 'a key that names a prototype'] as const),
    ...respelled(source, pointer).map((at) => [at, 'the member stands twice'] as const),
  ];
  return {
    fields: found.map(([at, reason]) => ({ pointer: at, standing: 'refused', reason })),
    issues: found.map(([at, reason]) => error(at, reason)),
  };
}
