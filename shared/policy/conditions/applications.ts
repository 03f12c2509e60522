import * as z from 'zod';
import { type Claim, claims, type Dimension, notKnown, unknownWithout } from '../compiled/claim.ts';
import { readSigns, signBits } from '../compiled/signs.ts';
import type { KnownFacts, KnownTarget } from '../known-facts.ts';
import { filter, guidOr, list, word } from '../schema.ts';
import { type UserAction, userActions } from '../sign-in-facts.ts';
import { both, either, known, negate, type Ternary } from '../ternary.ts';
import { configuredMembers, isObject, type ReadList, readList, wordReader } from '../wire.ts';
import { appWords, attributeProperty, readAppFilter, readApps } from './application-targets.ts';
import {
  type Condition,
  type ConditionDefinition,
  constant,
  type Matcher,
  type PolicyWorld,
} from './condition.ts';
import { always, any, includeExclude, isIndexed } from './lists.ts';

const readAction = wordReader(userActions);
const contextNames = Array.from({ length: 99 }, (_, i) => `c${i + 1}`);
const readContext = wordReader(contextNames);

/** What a policy names, for the rules that depend on it beyond "does it apply". */
export interface TargetScope {
  /** Every application is meant: `All` is listed, or there are only excludes. */
  readonly allApplications: boolean;
  /** `All` is listed and nothing is left out. */
  readonly bareAll: boolean;
  /** `includeUserActions` holds something. */
  readonly namesActions: boolean;
  /** Whether it names an action; an entry that cannot be read may be that action. */
  names(action: UserAction): boolean;
}

interface Targets {
  readonly include: readonly Matcher[];
  readonly exclude: readonly Matcher[];
  readonly actions: ReadList<string>;
  readonly contexts: ReadList<string>;
  readonly stranger: string | undefined;
  readonly scope: TargetScope;
}

const properties = [
  'includeApplications',
  'excludeApplications',
  'includeUserActions',
  'includeAuthenticationContextClassReferences',
  'applicationFilter',
] as const;

function readTargets(value: unknown, world: PolicyWorld): Targets {
  const members = configuredMembers(isObject(value) ? value : {});
  const [apps, excluded, listedActions, listedContexts, appRule] = properties.map((p) =>
    members.get(p),
  );
  for (const property of properties) members.delete(property);
  const included = readApps(apps, 'include', world);
  const appFilter = readAppFilter(appRule);
  const actions = readList(listedActions, readAction);
  const contexts = readList(listedContexts, readContext);
  const exclude = [...readApps(excluded, 'exclude', world).matchers, ...appFilter.exclude];
  const named = [...included.matchers, ...appFilter.include];
  const onlyExcludes =
    named.length === 0 &&
    exclude.length > 0 &&
    listedActions === undefined &&
    listedContexts === undefined;
  return {
    include: onlyExcludes ? [always('match', 'All')] : named,
    exclude,
    actions,
    contexts,
    stranger: members.keys().next().value ?? appFilter.stranger,
    scope: {
      allApplications: included.all || onlyExcludes,
      bareAll: included.all && excluded === undefined && appRule === undefined,
      namesActions: listedActions !== undefined,
      names: (action) => actions.unreadable || actions.entries.includes(action),
    },
  };
}

/** What `applications` names; a policy without it names nothing. */
export function targetScope(value: unknown, world: PolicyWorld): TargetScope {
  return readTargets(value, world).scope;
}

function listed({ entries, unreadable }: ReadList<string>, wanted: string | undefined): Ternary {
  if (wanted === undefined) return entries.length > 0 || unreadable ? 'unknown' : 'noMatch';
  return either(known(entries.includes(wanted)), unreadable ? 'unknown' : 'noMatch');
}

/** Whether the action or context itself is named: excluded applications do not touch that. */
function namedTarget({ actions, contexts }: Targets, facts: KnownFacts): Ternary {
  const { target } = facts;
  if (target === undefined) return either(listed(actions, undefined), listed(contexts, undefined));
  if (target.kind === 'userAction') return listed(actions, target.action);
  return target.kind === 'authenticationContext' ? listed(contexts, target.value) : 'noMatch';
}

/** What is asked for of one kind, and whether anything of it is; a target that is not known may be. */
function dimensionsOf<K extends KnownTarget['kind']>(
  kind: K,
  name: (target: Extract<KnownTarget, { kind: K }>) => string | undefined,
): { readonly named: Dimension; readonly some: Dimension } {
  return {
    named({ target }) {
      if (target === undefined) return notKnown;
      return target.kind === kind
        ? (name(target as Extract<KnownTarget, { kind: K }>) ?? notKnown)
        : undefined;
    },
    some: ({ target }) => (target === undefined || target.kind === kind ? 'some' : undefined),
  };
}

const action = dimensionsOf('userAction', (target) => target.action);
const context = dimensionsOf('authenticationContext', (target) => target.value);

/** `listed` as claims. */
function claimListed(
  { named, some }: typeof action,
  { entries, unreadable }: ReadList<string>,
): readonly Claim[] {
  return [
    ...claims(named, entries),
    ...(entries.length > 0 ? [unknownWithout(named)] : []),
    ...(unreadable ? [{ dimension: some, value: 'some', says: 'unknown' } as const] : []),
  ];
}

/** `namedTarget` as an entry of a list. */
function namedMatcher(targets: Targets): Matcher {
  return {
    label: 'the action or context asked for',
    test: (facts) => namedTarget(targets, facts),
    claims: [...claimListed(action, targets.actions), ...claimListed(context, targets.contexts)],
  };
}

const byName = 'included: the action or context asked for';
const withoutName = '; actions and contexts not known';

function read(value: unknown, world: PolicyWorld): Condition {
  if (!isObject(value)) return constant('unknown', 'cannot be read');
  const targets = readTargets(value, world);
  if (targets.stranger !== undefined)
    return constant('unknown', `unknown member ${targets.stranger}`);
  const { include, exclude } = targets;
  const applications = includeExclude(include, exclude);
  const clauses = [
    { include: [namedMatcher(targets)], exclude: [] },
    { include, exclude },
  ];
  return {
    ...(clauses.every(isIndexed) ? { clauses } : {}),
    evaluate(facts) {
      const named = namedTarget(targets, facts);
      if (named === 'match') return named;
      const included = any(include, facts);
      const excluded = included === 'noMatch' ? included : any(exclude, facts);
      return either(named, both(included, negate(excluded)));
    },
    explain(facts) {
      const named = namedTarget(targets, facts);
      if (named === 'match') return byName;
      const because = applications.explain(facts);
      return named === 'unknown' ? because + withoutName : because;
    },
    explainSigns(signs) {
      const named = readSigns(signs, 0).included;
      if (named === 'match') return byName;
      const because = applications.explainSigns?.(signs >>> (2 * signBits));
      return because && named === 'unknown' ? because + withoutName : because;
    },
  };
}

/** @see Graph: conditionalAccessApplications. The target is an application, an action or a context. */
export const applications: ConditionDefinition<'applications'> = {
  name: 'applications',
  reason: 'target',
  facts: ['target'],
  schema: z.strictObject({
    includeApplications: list(guidOr(appWords.include)),
    excludeApplications: list(guidOr(appWords.exclude)),
    includeUserActions: list(word(userActions)),
    includeAuthenticationContextClassReferences: list(word(contextNames)),
    applicationFilter: filter(attributeProperty).optional(),
  }),
  read,
};
