import { elementsOf, hasId, isPolicy } from './collections.ts';
import { compilePolicy } from './compile-policy.ts';
import { compilePolicies } from './compiled/compiled-policies.ts';
import { contentHash } from './content-hash.ts';
import { readStrengths } from './controls/strength-table.ts';
import { readTerms } from './controls/terms-table.ts';
import { readNamedLocations } from './places/named-locations.ts';
import { PolicyInputError } from './policy-input-error.ts';
import type { PolicySet, PolicySetInput } from './policy-set.ts';
import { isObject, type JsonObject } from './wire.ts';

/** The policies of an input: a collection, a list, or one policy. */
function readCollection(policies: unknown): readonly JsonObject[] {
  const elements = elementsOf(policies, isPolicy);
  if (elements === undefined)
    throw new PolicyInputError([
      { pointer: '', message: 'expected a policy, a list or a collection' },
    ]);
  const issues = elements
    .filter(({ value }) => !isObject(value))
    .map(({ pointer }) => ({ pointer, message: 'expected a policy object' }));
  if (issues.length > 0) throw new PolicyInputError(issues);
  return elements.map(({ value }) => value).filter(isObject);
}

/** What policies refer to; whatever is no collection holds nothing, so that references are not known. */
function readReferences(value: unknown): readonly unknown[] {
  return (elementsOf(value, hasId) ?? []).map((element) => element.value);
}

function readAppId(entry: unknown): string | undefined {
  return typeof entry === 'string' && entry !== '' ? entry.toLowerCase() : undefined;
}

function readAppGroups(value: unknown): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, ReadonlySet<string>>();
  if (!isObject(value)) return groups;
  for (const word of Object.keys(value)) {
    const apps = value[word];
    // A list with something unreadable in it could hold any app: as good as no list.
    const ids = Array.isArray(apps) ? apps.map(readAppId) : [undefined];
    if (ids.every((id) => id !== undefined)) groups.set(word.toLowerCase(), new Set(ids));
  }
  return groups;
}

function readLocations(given: unknown, before: PolicySet | undefined): PolicySet['locations'] {
  const version = contentHash(given);
  if (before?.locations.version === version) return before.locations;
  return { version, named: readNamedLocations(readReferences(given)) };
}

/**
 * Reads a policy set once, for any number of decisions.
 * `before` is a set compiled earlier, if there is one: where its named locations are the same, they
 * are not read again.
 *
 * @throws {PolicyInputError} only when `policies` is no policy collection. A policy that cannot be
 * read is kept: while it is enabled it restricts.
 */
export function compile(input: PolicySetInput, before?: PolicySet): PolicySet {
  const sources = readCollection(input.policies);
  const locations = readLocations(input.namedLocations, before);
  const world = {
    namedLocations: locations.named,
    appGroups: readAppGroups(input.appGroups),
    strengths: readStrengths(readReferences(input.authenticationStrengths)),
    terms: readTerms(readReferences(input.termsOfUse)),
  };
  const policies = sources.map((source) => compilePolicy(source, world));
  const { namedLocations: _, ...others } = input;
  const version = contentHash([locations.version, others]);
  return { version, policies, locations, compiled: compilePolicies(policies) };
}
