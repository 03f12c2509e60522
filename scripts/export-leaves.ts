/**
 * Every leaf of an export and what the import says of it. Written without the importer's own
 * helpers, so that what those overlook is found.
 */
import type { FieldReport, ImportIssue, ParseReport } from '../shared/policy/index.ts';

export type Leaf = {
  /** RFC 6901. */
  readonly pointer: string;
  /** `silent`: nothing is configured there; `dropped`: the report does not know the leaf. */
  readonly standing: FieldReport['standing'] | 'silent' | 'dropped';
};

/** Metadata and actions of OData; a binding sets a member. */
const says = (key: string): boolean =>
  /@(odata\.)?bind$/i.test(key) || !(key.includes('@') || key.startsWith('#'));

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Leaves by pointer, and whether each says something. Depth is the input's: no recursion. */
function leavesOf(json: unknown): ReadonlyMap<string, boolean> {
  const leaves = new Map<string, boolean>();
  const stack = [{ value: json, pointer: '', stated: true, listed: true }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, pointer, stated, listed } = next;
    const isList = Array.isArray(value);
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    for (const [key, inner] of entries)
      stack.push({
        value: inner,
        pointer: `${pointer}/${escaped(key)}`,
        stated: stated && (isList || says(key)),
        listed: isList,
      });
    // A null or an empty object in a list is an entry that cannot be read; elsewhere it is nothing.
    const isEmpty = value === null || (typeof value === 'object' && entries.length === 0);
    if (entries.length === 0)
      leaves.set(pointer, stated && (!isEmpty || (listed && pointer !== '')));
  }
  return leaves;
}

const covers = (outer: string, inner: string): boolean =>
  inner === outer || inner.startsWith(`${outer}/`);

/** `json` is undefined where the file is none: then the file itself is the one leaf. */
export function reportedLeaves(json: unknown, report: ParseReport): readonly Leaf[] {
  const fields = [...report.fields, ...report.items.flatMap((item) => item.fields)];
  const standings = new Map<string, FieldReport['standing']>();
  for (const { pointer, standing } of fields)
    if (standings.get(pointer) !== 'refused') standings.set(pointer, standing);
  return [...leavesOf(json)].map(([pointer, stated]) => {
    if (!stated) return { pointer, standing: 'silent' };
    const found = pathsTo(pointer).flatMap((path) => standings.get(path) ?? []);
    // The nearest field speaks for a leaf, unless something around it is refused as a whole.
    const standing = found.includes('refused') ? 'refused' : found[0];
    return { pointer, standing: standing ?? 'dropped' };
  });
}

/** A pointer and those around it, the nearest first. */
function pathsTo(pointer: string): readonly string[] {
  const paths = [pointer];
  for (let end = pointer.lastIndexOf('/'); end >= 0; end = pointer.lastIndexOf('/', end - 1)) {
    paths.push(pointer.slice(0, end));
    if (end === 0) break;
  }
  return paths;
}

export const issuesOf = ({ items, issues }: ParseReport): readonly ImportIssue[] => [
  ...issues,
  ...items.flatMap((item) => item.issues),
];

/** Whether an issue names a place that is there, or one member that is missing at such a place. */
export function isPlaced(json: unknown, { pointer }: ImportIssue): boolean {
  if (pointer === '') return true;
  if (!pointer.startsWith('/')) return false;
  const steps = pointer.slice(1).split('/');
  return exists(json, steps) || exists(json, steps.slice(0, -1));
}

function exists(json: unknown, steps: readonly string[]): boolean {
  let at = json;
  for (const step of steps) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return false;
    at = (at as Record<string, unknown>)[key];
  }
  return true;
}

/** Refused leaves that no error of the report accounts for. */
export function unexplained(leaves: readonly Leaf[], report: ParseReport): readonly string[] {
  const errors = issuesOf(report).filter(({ severity }) => severity === 'error');
  return leaves
    .filter(({ standing }) => standing === 'refused')
    .map(({ pointer }) => pointer)
    .filter((pointer) =>
      errors.every((e) => !covers(e.pointer, pointer) && !covers(parentOf(e.pointer), pointer)),
    );
}

const parentOf = (pointer: string): string =>
  pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')));

/** The text of a file by its mark, or by the zero bytes that ASCII has in UTF-16. */
export function jsonOf(bytes: Uint8Array): unknown {
  const [first, second] = bytes;
  const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  const utf16 = isLittle ? 'utf-16le' : isBig ? 'utf-16be' : undefined;
  try {
    return JSON.parse(new TextDecoder(utf16 ?? 'utf-8').decode(bytes));
  } catch {
    return undefined;
  }
}
