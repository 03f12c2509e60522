import { targetScope } from './conditions/applications.ts';
import { constant, type PolicyWorld } from './conditions/condition.ts';
import { conditionDefinitions } from './conditions/registry.ts';
import { contentId } from './content-hash.ts';
import type { ControlWorld } from './controls/control.ts';
import { readGrantControls } from './grant-controls.ts';
import type { Policy, PolicyCondition, PolicyState } from './policy.ts';
import { readPolicySession } from './session/policy-session.ts';
import { configuredMembers, isObject, type JsonObject, member, twice, wordReader } from './wire.ts';

const readStateWord = wordReader(['enabled', 'disabled', 'enabledForReportingButNotEnforced']);

/** A missing state is disabled. A word nobody knows must not switch a policy off. */
export function readState(value: unknown): PolicyState {
  return value === undefined ? 'disabled' : (readStateWord(value) ?? 'enabled');
}

function undecided(name: string, because: string): PolicyCondition {
  return {
    name,
    reason: 'invalidPolicy',
    risk: false,
    known: false,
    facts: [],
    condition: constant('unknown', because),
  };
}

function readConditions(value: unknown, world: PolicyWorld): PolicyCondition[] {
  if (!isObject(value)) return [undecided('conditions', 'the conditions cannot be read')];
  const members = configuredMembers(value);
  const found: PolicyCondition[] = [];
  for (const definition of conditionDefinitions) {
    const { name, reason, facts, risk = false } = definition;
    // What is always there may be null, which its own reading tells from what cannot be read.
    const content = members.get(name) ?? (definition.always ? member(value, name) : undefined);
    members.delete(name);
    if (content === undefined && !definition.always) continue;
    const condition = definition.read(content, world);
    if (condition !== undefined) found.push({ name, reason, risk, known: true, facts, condition });
  }
  for (const name of members.keys()) found.push(undecided(name, 'the condition is not known here'));
  return found;
}

function isPlain(conditions: JsonObject, policy: readonly PolicyCondition[]): boolean {
  const types = member(conditions, 'clientAppTypes');
  const allClients =
    !Array.isArray(types) ||
    types.every((type) => typeof type === 'string' && type.toLowerCase() === 'all');
  const ordinary = ['users', 'applications', 'clientAppTypes'];
  return allClients && policy.every(({ name }) => ordinary.includes(name));
}

/** A part that stands twice, spelled differently: neither may win, so nobody knows what it says. */
function isTwice(members: ReadonlyMap<string, unknown>, name: string): boolean {
  return members.has(twice(name));
}

// Not an object: whatever reads it finds something it does not understand.
const unreadable = 'stands twice';

/** Reads one policy. Never throws: what is not understood restricts. */
export function compilePolicy(source: JsonObject, world: PolicyWorld & ControlWorld): Policy {
  const members = configuredMembers(source);
  const id = members.get('id');
  const displayName = members.get('displayName');
  const part = (name: string): unknown => (isTwice(members, name) ? unreadable : members.get(name));
  const given = part('conditions');
  const raw: JsonObject = isObject(given) ? given : {};
  const conditions = readConditions(given ?? member(source, 'conditions'), world);
  const scope = targetScope(configuredMembers(raw).get('applications'), world);
  return {
    id: typeof id === 'string' && id !== '' ? id : contentId(source),
    displayName: typeof displayName === 'string' ? displayName : '',
    state: readState(part('state')),
    conditions,
    hasRiskCondition: conditions.some((c) => c.risk),
    scope,
    grant: readGrantControls(part('grantControls'), world),
    session: readPolicySession(part('sessionControls')),
    plain: scope.bareAll && isPlain(raw, conditions),
    source,
  };
}
