// §4 and §11.3, §11.4: conditions.applications, for applications, user actions and contexts.
import type { Facts } from './facts.ts';
import { allOf, anyOf, fromBoolean, listMatches, not, type Three } from './kleene.ts';
import {
  hasUnknownMember,
  isConfigured,
  isGuid,
  isObject,
  type Json,
  same,
  wordOf,
} from './reading.ts';
import { attributeRule } from './rule.ts';

const members = [
  'includeApplications',
  'excludeApplications',
  'includeUserActions',
  'includeAuthenticationContextClassReferences',
  'applicationFilter',
];

function appListed(id: string, facts: Facts): Three {
  const { kind, appId } = facts.target;
  // An app never matches an action.
  if (kind === 'userAction') return 'noMatch';
  if (kind === undefined || appId === undefined) return 'unknown';
  return fromBoolean(same(id, appId));
}

/** §1: appGroups maps a group word to app ids; §11.4: one that is missing is unknown. */
function groupListed(word: string, facts: Facts, groups: Json): Three {
  if (facts.target.kind === 'userAction') return 'noMatch';
  const entry = Object.entries(groups).find(([name]) => same(name, word));
  if (entry === undefined) return 'unknown';
  const apps = entry[1];
  return listMatches(apps, (id) => (isGuid(id) ? appListed(id, facts) : 'unknown'));
}

function appEntry(entry: unknown, facts: Facts, groups: Json, side: 'include' | 'exclude'): Three {
  const word = wordOf(entry, ['All', 'None', 'Office365', 'MicrosoftAdminPortals']);
  if (word === 'Office365' || word === 'MicrosoftAdminPortals')
    return groupListed(word, facts, groups);
  if (word === 'All' && side === 'include') return 'match';
  if (word === 'None' && side === 'include') return 'noMatch';
  return isGuid(entry) ? appListed(entry, facts) : 'unknown';
}

/** What the filter adds to one side. */
function filterEntry(filter: unknown, facts: Facts, side: 'include' | 'exclude'): readonly Three[] {
  if (!isConfigured(filter)) return [];
  if (!isObject(filter)) return ['unknown'];
  const mode = wordOf(filter['mode'], ['include', 'exclude']);
  // §11.4: an unreadable mode is an unknown entry of both sides, a broken rule of its own.
  if (mode === undefined) return ['unknown'];
  if (mode !== side) return [];
  const rule = attributeRule(filter['rule']);
  if (rule === undefined) return ['unknown'];
  if (facts.target.kind === 'userAction') return ['noMatch'];
  return [rule(facts.target.attributes)];
}

/** §11.3: only excludes → include = all. */
function onlyExcludes(applications: Json): boolean {
  const filter = applications['applicationFilter'];
  const filterExcludes =
    isObject(filter) &&
    wordOf(filter['mode'], ['exclude']) !== undefined &&
    !hasUnknownMember(filter, ['mode', 'rule']);
  const filterIncludes = isConfigured(filter) && !filterExcludes;
  return (
    (isConfigured(applications['excludeApplications']) || filterExcludes) &&
    !isConfigured(applications['includeApplications']) &&
    !isConfigured(applications['includeUserActions']) &&
    !isConfigured(applications['includeAuthenticationContextClassReferences']) &&
    !filterIncludes
  );
}

function actionEntry(entry: unknown, facts: Facts): Three {
  const action = wordOf(entry, ['urn:user:registersecurityinfo', 'urn:user:registerdevice']);
  if (action === undefined) return 'unknown';
  const { kind, action: asked } = facts.target;
  if (kind === undefined || asked === undefined) return 'unknown';
  return fromBoolean(action === asked);
}

function contextEntry(entry: unknown, facts: Facts): Three {
  if (typeof entry !== 'string' || !/^c[1-9]\d?$/i.test(entry)) return 'unknown';
  const { kind, value } = facts.target;
  if (kind === undefined || value === undefined) return 'unknown';
  return fromBoolean(same(entry, value));
}

/** EF §2.2: for each kind of target its own list is asked. */
function listFor(kind: 'userAction' | 'authenticationContext', facts: Facts): boolean {
  return facts.target.kind === undefined || facts.target.kind === kind;
}

export function applicationsMatch(applications: unknown, facts: Facts, groups: Json): Three {
  if (!isObject(applications)) return 'unknown';
  if (hasUnknownMember(applications, members)) return 'unknown';
  const filter = applications['applicationFilter'];
  if (isObject(filter) && hasUnknownMember(filter, ['mode', 'rule'])) return 'unknown';
  const included = onlyExcludes(applications)
    ? 'match'
    : anyOf([
        listMatches(applications['includeApplications'], (entry) =>
          appEntry(entry, facts, groups, 'include'),
        ),
        ...filterEntry(filter, facts, 'include'),
      ]);
  const excluded = anyOf([
    listMatches(applications['excludeApplications'], (entry) =>
      appEntry(entry, facts, groups, 'exclude'),
    ),
    ...filterEntry(filter, facts, 'exclude'),
  ]);
  // §11.4: app excludes, readable or not, do not affect a listed context or user action.
  const listed = anyOf([
    listFor('userAction', facts)
      ? listMatches(applications['includeUserActions'], (entry) => actionEntry(entry, facts))
      : 'noMatch',
    listFor('authenticationContext', facts)
      ? listMatches(applications['includeAuthenticationContextClassReferences'], (entry) =>
          contextEntry(entry, facts),
        )
      : 'noMatch',
  ]);
  return anyOf([listed, allOf([included, not(excluded)])]);
}

/** §4: `includeApplications: All` or only excludes; not one whose applications are not configured. */
function meansAllApplications(applications: unknown): boolean {
  if (!isObject(applications) || !isConfigured(applications)) return false;
  const included = applications['includeApplications'];
  if (Array.isArray(included) && included.some((entry) => wordOf(entry, ['All']) !== undefined))
    return true;
  return onlyExcludes(applications);
}

/** §11.4: an includeUserActions with an unreadable entry counts as naming the action. */
function namesAction(applications: Json, action: string): boolean {
  const named = applications['includeUserActions'];
  if (!isConfigured(named)) return false;
  if (!Array.isArray(named)) return true;
  return named.some((entry) => {
    const known = wordOf(entry, ['urn:user:registersecurityinfo', 'urn:user:registerdevice']);
    return known === undefined || known === action;
  });
}

/** §4, user actions: the action itself may meet what this policy asks. */
export function coversActionUnnamed(applications: unknown, facts: Facts): string | undefined {
  const { kind, action } = facts.target;
  if (kind !== 'userAction' || action === undefined) return undefined;
  if (!isObject(applications) || !meansAllApplications(applications)) return undefined;
  return namesAction(applications, action) ? undefined : action;
}
