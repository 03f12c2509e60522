import { elementsOf } from '../collections.ts';
import { isConfigured, isObject, type JsonObject, member } from '../wire.ts';
import { type Checked, together } from './members.ts';
import { step } from './pointers.ts';
import { repeatedIds } from './repeated-ids.ts';
import { error, type ItemReport, type ParseReport, withErrors } from './report.ts';

/** One kind of thing that exports hold. */
export interface ItemKind {
  /** `a policy`, as a message says it. */
  readonly article: string;
  readonly one: string;
  readonly many: string;
  readonly most: number;
  /** Whether an object on its own is one. */
  readonly isOne: (value: JsonObject) => boolean;
  readonly parse: (value: JsonObject, pointer: string) => ItemReport;
}

const nothing: Checked = { fields: [], issues: [] };

function refused(pointer: string, reason: string): Checked {
  return {
    fields: [{ pointer, standing: 'refused', reason }],
    issues: [error(pointer, reason)],
  };
}

/** A member beside the list of a collection. `listed` is how many the list holds. */
function besideTheList(key: string, content: unknown, listed: number): Checked {
  const pointer = step('', key);
  if (!isConfigured(content)) return nothing;
  if (/^@odata\.nextLink$/i.test(key))
    return refused(pointer, 'more follows on another page: this file does not hold everything');
  if (key.startsWith('@') || key.startsWith('#')) return nothing;
  // Windows PowerShell writes a list as `{ "value": […], "Count": n }`.
  if (!/^count$/i.test(key)) return refused(pointer, 'not known beside a list');
  if (content !== listed) return refused(pointer, `the list has ${listed}`);
  return { fields: [{ pointer, standing: 'carried' }], issues: [] };
}

function besides(json: unknown): Checked {
  if (!isObject(json)) return nothing;
  const list = member(json, 'value');
  if (!Array.isArray(list)) return nothing;
  const listKey = Object.hasOwn(json, 'value') ? 'value' : 'Value';
  const others = Object.keys(json).filter((key) => key !== listKey);
  return together(others.map((key) => besideTheList(key, json[key], list.length)));
}

/** Reads one item, a list, or a Graph collection. Never throws; nothing of it is left out. */
export function readCollection(json: unknown, kind: ItemKind): ParseReport {
  const elements = elementsOf(json, kind.isOne);
  if (elements === undefined)
    return { items: [], ...refused('', `expected ${kind.article}, a list or a collection`) };
  const strangers: Checked[] = [besides(json)];
  const items: ItemReport[] = [];
  for (const { value, pointer } of elements) {
    if (isObject(value)) items.push(kind.parse(value, pointer));
    else strangers.push(refused(pointer, `expected ${kind.article}`));
  }
  const { fields, issues } = together(strangers);
  const tooMany =
    elements.length > kind.most ? [error('', `more than ${kind.most} ${kind.many}`)] : [];
  const repeated = repeatedIds(items.map((item) => item.id));
  return {
    items: items.map((item) =>
      repeated.has(item.id.toLowerCase())
        ? withErrors(item, [error(idPointer(item), `another ${kind.one} has the same id`)])
        : item,
    ),
    fields,
    issues: [...tooMany, ...issues],
  };
}

/** Where the id of an item stands; the item itself where it has none. */
export function idPointer({ fields, pointer }: ItemReport): string {
  return (
    fields.find((f) => f.pointer === `${pointer}/id` || f.pointer === `${pointer}/Id`)?.pointer ??
    pointer
  );
}
