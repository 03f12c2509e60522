import { type Claim, claims, type Dimension, notKnown, unknownWithout } from '../compiled/claim.ts';
import type { KnownApp, KnownFacts } from '../known-facts.ts';
import type { PropertyValue, RuleProperty } from '../rule/comparison.ts';
import { parseRule } from '../rule/rule.ts';
import { known, type Ternary } from '../ternary.ts';
import { configuredMembers, isObject, readGuid, readList, wordReader } from '../wire.ts';
import type { Matcher, PolicyWorld } from './condition.ts';
import { always, unreadable } from './lists.ts';

/** The words documented for each list, beside app ids. */
export const appWords = {
  include: ['All', 'None', 'Office365', 'MicrosoftAdminPortals'],
  exclude: ['Office365', 'MicrosoftAdminPortals'],
} as const;
const readWord = { include: wordReader(appWords.include), exclude: wordReader(appWords.exclude) };
const readMode = wordReader(['include', 'exclude']);

/** The application of the target; null when the target is an action, which no app entry matches. */
function targetApp(facts: KnownFacts): KnownApp | null | undefined {
  const { target } = facts;
  return target?.kind === 'userAction' ? null : target?.app;
}

/** The application of the target; of an action none. */
const appOf: Dimension = (facts) => {
  const app = targetApp(facts);
  return app === null ? undefined : (app?.appId ?? notKnown);
};
/** Every target that has an application, known or not. */
const anyApp: Dimension = (facts) => (targetApp(facts) === null ? undefined : 'any');
const unknownApp: readonly Claim[] = [{ dimension: anyApp, value: 'any', says: 'unknown' }];

function appMatcher(label: string, ids: ReadonlySet<string> | undefined): Matcher {
  return {
    label,
    test(facts) {
      const app = targetApp(facts);
      if (app === null) return 'noMatch';
      if (ids === undefined || app?.appId === undefined) return 'unknown';
      return known(ids.has(app.appId));
    },
    claims: ids === undefined ? unknownApp : [...claims(appOf, ids), unknownWithout(appOf)],
  };
}

/** The matchers of `includeApplications` or `excludeApplications`, and whether `All` is listed. */
export function readApps(
  value: unknown,
  side: 'include' | 'exclude',
  world: PolicyWorld,
): { readonly matchers: readonly Matcher[]; readonly all: boolean } {
  const listed = readList(value, (entry) => readGuid(entry) ?? readWord[side](entry));
  const matchers: Matcher[] = [];
  const ids = new Set<string>();
  for (const entry of listed.entries) {
    if (entry === 'All') matchers.push(always('match', entry));
    else if (entry === 'None') matchers.push(always('noMatch', entry));
    else if (entry === 'Office365' || entry === 'MicrosoftAdminPortals')
      matchers.push(appMatcher(entry, world.appGroups.get(entry.toLowerCase())));
    else ids.add(entry);
  }
  if (ids.size > 0) matchers.push(appMatcher('the application', ids));
  if (listed.unreadable) matchers.push(unreadable(`${side}Applications`));
  return { matchers, all: listed.entries.includes('All') };
}

/** `CustomSecurityAttribute.<Set>_<Attribute>`, in lower case. */
export function attributeProperty(written: string): RuleProperty<KnownApp> | undefined {
  const name = /^customsecurityattribute\.(.+)$/.exec(written)?.[1];
  if (name === undefined) return undefined;
  const read = ({ attributes }: KnownApp): PropertyValue => {
    if (attributes === undefined) return undefined;
    const value = attributes.get(name);
    if (value === null || value === undefined) return null;
    return typeof value === 'string' ? value : undefined;
  };
  return { kind: 'text', read };
}

/** The filter of one policy as a matcher of its side; an unreadable mode counts for both sides. */
export interface AppFilter {
  /** A member nobody here knows, which leaves the whole condition undecided. */
  readonly stranger?: string;
  readonly include: readonly Matcher[];
  readonly exclude: readonly Matcher[];
}

/** @see Graph: conditionalAccessFilter, over custom security attributes */
export function readAppFilter(value: unknown): AppFilter {
  if (value === undefined) return { include: [], exclude: [] };
  const broken = [unreadable('applicationFilter')];
  if (!isObject(value)) return { include: broken, exclude: broken };
  const members = configuredMembers(value);
  const mode = readMode(members.get('mode'));
  const rule = parseRule(members.get('rule'), attributeProperty);
  members.delete('mode');
  members.delete('rule');
  const [stranger] = members.keys();
  if (stranger !== undefined) return { include: [], exclude: [], stranger };
  if (mode === undefined) return { include: broken, exclude: broken };
  const matcher: Matcher =
    rule === undefined
      ? unreadable('applicationFilter')
      : {
          label: 'applicationFilter',
          test(facts): Ternary {
            const app = targetApp(facts);
            if (app === null) return 'noMatch';
            return app === undefined ? 'unknown' : rule(app);
          },
        };
  return mode === 'include'
    ? { include: [matcher], exclude: [] }
    : { include: [], exclude: [matcher] };
}
