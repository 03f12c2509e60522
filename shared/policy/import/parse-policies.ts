import { isPolicy } from '../collections.ts';
import { readState } from '../compile-policy.ts';
import { contentId } from '../content-hash.ts';
import { configuredMembers, isGuid, isObject, type JsonObject, twice, wireName } from '../wire.ts';
import { brokenCombinations } from './combinations.ts';
import { guestIssues } from './guest-issues.ts';
import type { KnownGuest } from './guests-reached.ts';
import { type Origin, together } from './members.ts';
import { normalise, pointerTo } from './pointers.ts';
import { checkMembers } from './policy-members.ts';
import { readCollection } from './read-collection.ts';
import { refusedKeys } from './refused-keys.ts';
import {
  error,
  type FieldReport,
  type ImportIssue,
  type ItemReport,
  isEnforceable,
  type ParseReport,
  warning,
} from './report.ts';

/** What lies beside the policies that are read. */
export interface ImportContext {
  /** The guests of the same folder, whom warnings count. */
  readonly guests?: readonly KnownGuest[];
}

const mostPolicies = 2000;
const states = ['enabled', 'disabled', 'enabledforreportingbutnotenforced'];

function isState(value: unknown): boolean {
  return typeof value === 'string' && states.includes(value.toLowerCase());
}

function emptyField(pointer: string): FieldReport {
  return { pointer, standing: 'refused', reason: 'nothing is configured' };
}

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
  else if (!isState(state)) issues.push(error(at('state'), 'not a state: evaluated as enabled'));
  if (typeof displayName !== 'string' || displayName === '')
    issues.push(warning(pointer, 'no display name'));
  if (policy['conditions'] === undefined)
    issues.push(error(pointer, 'no conditions: the policy would apply to everybody'));
  return issues;
}

function parsePolicy(source: JsonObject, pointer: string, context: ImportContext): ItemReport {
  const origin = { source, pointer };
  const normalised = normalise(source);
  const policy: JsonObject = isObject(normalised) ? normalised : {};
  const checked = together([refusedKeys(source, pointer), checkMembers(policy, origin)]);
  const issues = [
    ...headIssues(policy, origin),
    ...checked.issues,
    ...brokenCombinations(policy).map(({ path, message }) =>
      error(pointerTo(source, pointer, path), message),
    ),
    ...guestIssues(policy, origin, context.guests ?? []),
  ];
  const { id, state, displayName } = policy;
  const known = typeof id === 'string' && id !== '' ? id : contentId(source);
  // A state that stands twice stays as it is: the engine evaluates it as enabled.
  const isKept = isState(state) || configuredMembers(source).has(twice('state'));
  return {
    pointer,
    id: known,
    displayName: typeof displayName === 'string' ? displayName : '',
    item: filled(source, isKept ? { id: known } : { id: known, state: readState(state) }),
    enforceable: isEnforceable(issues),
    fields: checked.fields.length > 0 ? checked.fields : [emptyField(pointer)],
    issues,
  };
}

/**
 * Reads exported policies: one, a list, or a Graph collection, as `GET` returns or `POST` sends them or
 * as PowerShell writes them. Never throws. An item with an error may be stored disabled or report-only.
 */
export function parsePolicies(json: unknown, context: ImportContext = {}): ParseReport {
  return readCollection(json, {
    article: 'a policy',
    one: 'policy',
    many: 'policies',
    most: mostPolicies,
    isOne: isPolicy,
    parse: (value, pointer) => parsePolicy(value, pointer, context),
  });
}
