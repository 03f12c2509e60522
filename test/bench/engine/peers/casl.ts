import { createMongoAbility, type RawRuleOf, subject } from '@casl/ability';
import type { GeneratedPolicy } from '../workload.ts';
import { conditionsOf, type Peer, type Term } from './terms.ts';

/**
 * @casl/ability: a policy is an action that a sign-in "can" be under, a rule for each alternative, with
 * conditions in MongoDB's language; every action is asked for. It knows yes and no.
 */
export function openCasl(policies: readonly GeneratedPolicy[]): Peer {
  const ability = createMongoAbility(policies.flatMap(rules));
  const ids = policies.map(({ id }) => id);
  return (facts) => {
    const signIn = subject('SignIn', { ...facts });
    return ids.filter((id) => ability.can(id, signIn));
  };
}

type Query = Record<string, { $in?: string[]; $nin?: string[] }>;

/** The members of a query are joined by AND, the rules of an action by OR. */
function rules(policy: GeneratedPolicy): RawRuleOf<ReturnType<typeof createMongoAbility>>[] {
  let queries: Query[] = [{}];
  for (const { some, none } of conditionsOf(policy)) {
    for (const term of none) queries = queries.map((query) => joined(query, term, '$nin'));
    if (some.length > 0)
      queries = queries.flatMap((query) => some.map((terms) => joinedAll(query, terms)));
  }
  return queries.map((query) => ({ action: policy.id, subject: 'SignIn', conditions: query }));
}

const joined = (query: Query, { fact, oneOf }: Term, operator: '$in' | '$nin'): Query => ({
  ...query,
  [fact]: { ...query[fact], [operator]: [...oneOf] },
});

function joinedAll(query: Query, terms: readonly Term[]): Query {
  let all = query;
  for (const term of terms) all = joined(all, term, '$in');
  return all;
}
