import { elementsOf, isPolicy } from '../collections.ts';
import { readState } from '../compile-policy.ts';
import { contentId } from '../content-hash.ts';
import { isGuid, isObject, type JsonObject, wireName } from '../wire.ts';
import { brokenCombinations } from './combinations.ts';
import type { Origin } from './members.ts';
import { normalise, pointerTo, prototypeKeys, step } from './pointers.ts';
import { checkMembers } from './policy-members.ts';
import { repeatedIds } from './repeated-ids.ts';
import { error, type ImportIssue, type ItemReport, type ParseReport, warning } from './report.ts';

const mostPolicies = 2000;
const states = ['enabled', 'disabled', 'enabledforreportingbutnotenforced'];

/** The input with what was missing filled in, under the keys it uses itself. */
function filled(source: JsonObject, values: Readonly<Record<string, string>>): JsonObject {
  const kept = Object.entries(source).filter(([key]) => !Object.hasOwn(values, wireName(key)));
  return Object.fromEntries([...Object.entries(values), ...kept]);
}

function headIssues(policy: JsonObject, { source, pointer }: Origin): ImportIssue[] {
  const at = (name: string): string => pointerTo(source, pointer, [name]);
  const { id, state, displayName } = policy;
  const issues: ImportIssue[] = [];
  if (id === undefined) issues.push(warning(pointer, 'no id: one is derived from the content'));
  else if (!isGuid(id)) issues.push(error(at('id'), 'expected an id (GUID)'));
  if (state === undefined) issues.push(warning(pointer, 'no state: stored disabled'));
  else if (typeof state !== 'string' || !states.includes(state.toLowerCase()))
    issues.push(error(at('state'), 'not a state: evaluated as enabled'));
  if (typeof displayName !== 'string' || displayName === '')
    issues.push(warning(pointer, 'no display name'));
  if (policy['conditions'] === undefined)
    issues.push(error(pointer, 'no conditions: the policy would apply to everybody'));
  return issues;
}

function parsePolicy(source: JsonObject, pointer: string): ItemReport {
  const origin = { source, pointer };
  const normalised = normalise(source);
  const policy: JsonObject = isObject(normalised) ? normalised : {};
  const checked = checkMembers(policy, origin);
  const issues = [
    ...prototypeKeys(source, pointer).map((at) => error(at, 'a key that names a prototype')),
    ...headIssues(policy, origin),
    ...checked.issues,
    ...brokenCombinations(policy).map(({ path, message }) =>
      error(pointerTo(source, pointer, path), message),
    ),
  ];
  const { id, state, displayName } = policy;
  const known = typeof id === 'string' && id !== '' ? id : contentId(source);
  const stored = typeof state === 'string' && states.includes(state.toLowerCase());
  return {
    pointer,
    id: known,
    displayName: typeof displayName === 'string' ? displayName : '',
    item: filled(source, stored ? { id: known } : { id: known, state: readState(state) }),
    enforceable: issues.every((issue) => issue.severity === 'warning'),
    fields: checked.fields,
    issues,
  };
}

/** The report of an item with more against it. */
export function withErrors(item: ItemReport, errors: readonly ImportIssue[]): ItemReport {
  if (errors.length === 0) return item;
  return { ...item, enforceable: false, issues: [...item.issues, ...errors] };
}

/**
 * Reads exported policies: one, a list, or a Graph collection, as `GET` returns or `POST` sends them or
 * as PowerShell writes them. Never throws. An item with an error may be stored disabled or report-only.
 */
export function parsePolicies(json: unknown): ParseReport {
  const elements = elementsOf(json, isPolicy);
  if (elements === undefined)
    return { items: [], issues: [error('', 'expected a policy, a list or a collection')] };
  const issues: ImportIssue[] = [];
  if (elements.length > mostPolicies) issues.push(error('', `more than ${mostPolicies} policies`));
  const items: ItemReport[] = [];
  for (const { value, pointer } of elements) {
    if (isObject(value)) items.push(parsePolicy(value, pointer));
    else issues.push(error(pointer, 'expected a policy object'));
  }
  const repeated = repeatedIds(items.map((item) => item.id));
  return {
    items: items.map((item) =>
      repeated.has(item.id.toLowerCase())
        ? withErrors(item, [error(step(item.pointer, 'id'), 'another policy has the same id')])
        : item,
    ),
    issues,
  };
}
