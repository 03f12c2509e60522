import { compilePolicy } from './compile-policy.ts';
import { contentHash } from './content-hash.ts';
import { readStrengths } from './controls/strength-table.ts';
import { readTerms } from './controls/terms-table.ts';
import { readNamedLocations } from './named-locations.ts';
import { PolicyInputError } from './policy-input-error.ts';
import type { Policy, PolicySet, PolicySetInput } from './policy-set.ts';
import { isObject, type JsonObject, member, readGuid } from './wire.ts';

/** A Graph collection or a plain list; undefined when it is neither. */
export function collection(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  const inner = isObject(value) ? member(value, 'value') : undefined;
  return Array.isArray(inner) ? inner : undefined;
}

/** The policies of an input: a collection, a list, or one policy. */
function readCollection(policies: unknown): readonly JsonObject[] {
  const list = collection(policies) ?? (isObject(policies) ? [policies] : undefined);
  if (list === undefined)
    throw new PolicyInputError([
      { pointer: '', message: 'expected a policy or a list of policies' },
    ]);
  const issues = list.flatMap((policy, index) =>
    isObject(policy) ? [] : [{ pointer: `/${index}`, message: 'expected a policy object' }],
  );
  if (issues.length > 0) throw new PolicyInputError(issues);
  return list.filter(isObject);
}

function readAppGroups(value: unknown): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, ReadonlySet<string>>();
  if (!isObject(value)) return groups;
  for (const word of Object.keys(value)) {
    const apps = value[word];
    // A list with something unreadable in it could hold any app: as good as no list.
    const ids = Array.isArray(apps) ? apps.map(readGuid) : [undefined];
    if (ids.every((id) => id !== undefined)) groups.set(word.toLowerCase(), new Set(ids));
  }
  return groups;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Ranks by id, then by content, so that two policies with one id have an order of their own. */
function rank(policies: readonly Policy[]): ReadonlyMap<Policy, number> {
  const keyed = policies.map((policy) => ({ policy, hash: contentHash(policy.source) }));
  keyed.sort(
    (a, b) =>
      compareText(a.policy.id.toLowerCase(), b.policy.id.toLowerCase()) ||
      compareText(a.hash, b.hash),
  );
  return new Map(keyed.map(({ policy }, index) => [policy, index]));
}

/**
 * Reads a policy set once, for any number of decisions.
 *
 * @throws {PolicyInputError} only when `policies` is no policy collection. A policy that cannot be
 * read is kept: while it is enabled it restricts.
 */
export function compile(input: PolicySetInput): PolicySet {
  const sources = readCollection(input.policies);
  const world = {
    namedLocations: readNamedLocations(collection(input.namedLocations) ?? []),
    appGroups: readAppGroups(input.appGroups),
    strengths: readStrengths(collection(input.authenticationStrengths) ?? []),
    terms: readTerms(collection(input.termsOfUse) ?? []),
  };
  const policies = sources.map((source) => compilePolicy(source, world));
  return { version: contentHash(input), policies, ranks: rank(policies) };
}
