import type { Condition } from '../conditions/condition.ts';
import { conditionDefinitions } from '../conditions/registry.ts';
import { readNamedLocations } from '../places/named-locations.ts';
import { readFacts } from '../read-facts.ts';
import { guestTypes } from '../sign-in-facts.ts';
import { isObject, type JsonObject } from '../wire.ts';

/** A guest as far as the conditions on users ask. */
export interface KnownGuest {
  readonly id: string;
  readonly guestOrExternalUserType: string;
  readonly groupIds: readonly string[];
  /** Of each account that opens the guest; null is one without a tenant. */
  readonly homeTenantIds: readonly (string | null)[];
}

/** Whom a policy reaches, whatever else it depends on. */
export interface Reach {
  /** A guest who is in no group and named by nobody. */
  readonly anyGuest: boolean;
  /** How many of the guests given. */
  readonly count: number;
}

const world = { namedLocations: readNamedLocations([]), appGroups: new Map() };

/** The conditions that depend on the user alone; undefined where they cannot be read. */
function userConditions({ conditions }: JsonObject): readonly Condition[] | undefined {
  if (!isObject(conditions)) return undefined;
  return conditionDefinitions
    .filter(({ reason, name, always }) => reason === 'users' && (always || name in conditions))
    .flatMap((definition) => definition.read(conditions[definition.name], world) ?? []);
}

/** A normalised policy and those it can apply to; where it is not known, it can. */
export function guestsReached(policy: JsonObject, guests: readonly KnownGuest[]): Reach {
  const conditions = userConditions(policy);
  const reaches = (user: JsonObject): boolean => {
    const facts = readFacts({ user: { userType: 'Guest', roleTemplateIds: [], ...user } });
    return conditions?.every((condition) => condition.evaluate(facts) !== 'noMatch') ?? true;
  };
  const strangers = guestTypes
    .filter((type) => type !== 'none')
    .map((guestOrExternalUserType) => ({ id: nobody, guestOrExternalUserType, groupIds: [] }));
  return {
    anyGuest: strangers.some(reaches),
    count: guests.filter(({ homeTenantIds, ...guest }) =>
      (homeTenantIds.length === 0 ? [null] : homeTenantIds).some((homeTenantId) =>
        reaches({ ...guest, homeTenantId }),
      ),
    ).length,
  };
}

/** An id that no policy names. */
const nobody = '00000000-0000-0000-0000-000000000000';
