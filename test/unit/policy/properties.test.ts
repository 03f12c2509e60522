import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compile,
  type Decision,
  decide,
  type ParseReport,
  parsePolicies,
  type SessionControls,
  type SignInFacts,
  whatIf,
} from '../../../shared/policy/index.ts';
import { Random } from '../../fuzz/random.ts';
import { randomFacts } from '../../fuzz/random-facts.ts';
import { policy as policyOf } from '../../fuzz/random-policies.ts';
import { randomSet } from '../../fuzz/random-sets.ts';
import { facts } from './arbitrary-facts.ts';
import { enabled, policy, setInput } from './arbitrary-policies.ts';
import { runs } from './runs.ts';

const usual = runs(500);
/** For thousands of cases on a busy machine. */
const long = { timeout: 120_000 };
const strictness = { grant: 0, interrupt: 1, block: 2 };

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

/** What a guest feels of a decision. */
function effect({
  outcome,
  next,
  reason,
  sessionControls,
  conditionalAccessStatus,
}: Decision): unknown {
  return { outcome, next, reason, sessionControls, conditionalAccessStatus };
}

function resultsOf({ policies }: Decision): Readonly<Record<string, string>> {
  return Object.fromEntries(policies.map(({ id, result }) => [id, result]));
}

function hours(limit: number | 'everyTime' | undefined): number {
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  return limit === 'everyTime' ? 0 : limit;
}

/** A number for each control, larger is stricter. */
function sessionStrictness(session: SessionControls): readonly number[] {
  const { signInFrequency, persistentBrowser, cloudAppSecurity, continuousAccessEvaluation } =
    session;
  return [
    -hours(signInFrequency?.primary),
    -hours(signInFrequency?.secondary),
    persistentBrowser === 'never' ? 1 : 0,
    ['mcasConfigured', 'monitorOnly', 'blockDownloads'].indexOf(cloudAppSecurity ?? ''),
    ['strictEnforcement', 'strictLocation'].indexOf(continuousAccessEvaluation ?? ''),
  ];
}

/** The facts without one of them. */
function without(given: SignInFacts, [name = '', inner]: readonly string[]): SignInFacts {
  const copy: Record<string, unknown> = { ...given };
  const value = copy[name];
  if (inner === undefined) delete copy[name];
  else if (typeof value === 'object' && value !== null)
    copy[name] = { ...value, [inner]: undefined };
  return copy;
}

/** The members of an object and of the objects in it, joined by dots; lists are one member. */
function memberPaths(value: unknown, prefix = ''): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    prefix + key,
    ...memberPaths(inner, `${prefix}${key}.`),
  ]);
}

/** A copy without the member at `path`. */
function leave(value: unknown, [key = '', ...rest]: readonly string[]): SignInFacts {
  const copy: Record<string, unknown> = { ...(value as object) };
  if (rest.length === 0) delete copy[key];
  else copy[key] = leave(copy[key], rest);
  return copy;
}

describe('decide, for any policies and any sign-in', () => {
  it('R41: the order of the policies never matters', long, () => {
    const odd = fc.integer().map((seed) => {
      const random = new Random(seed);
      const policies = Array.from({ length: 5 }, (_, index) => policyOf(random, index));
      return { input: { ...randomSet(random), policies }, given: randomFacts(random) };
    });
    const even = fc.record({ input: setInput, given: facts });
    fc.assert(
      fc.property(fc.oneof(odd, even), fc.nat(), ({ input, given }, turn) => {
        const at = turn % input.policies.length;
        const turned = [...input.policies.slice(at), ...input.policies.slice(0, at)].reverse();
        const [other, one] = [turned, input.policies].map((policies) =>
          decide(compile({ ...input, policies }), given),
        ) as [Decision, Decision];
        expect(effect(other)).toEqual(effect(one));
        expect(resultsOf(other)).toEqual(resultsOf(one));
      }),
      runs(3000),
    );
  });

  it('R41: one more enabled policy never loosens', () => {
    fc.assert(
      fc.property(setInput, policy(enabled), facts, (input, added, given) => {
        const before = decide(compile(input), given);
        const after = decide(compile({ ...input, policies: [...input.policies, added] }), given);
        expect(strictness[after.outcome]).toBeGreaterThanOrEqual(strictness[before.outcome]);
        const [was, is] = [before, after].map((d) => sessionStrictness(d.sessionControls));
        for (const [index, value] of (is ?? []).entries())
          expect(value).toBeGreaterThanOrEqual(was?.[index] ?? 0);
      }),
      usual,
    );
  });

  it('R41: policy by policy, odd ones too, it only gets stricter', long, () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new Random(seed);
        const input = randomSet(random);
        const policies = Array.from({ length: 5 }, (_, index) => policyOf(random, index)).filter(
          ({ state }) => state === 'enabled',
        );
        const given = randomFacts(random);
        let before = decide(compile({ ...input, policies: [] }), given, { trace: false });
        for (const count of policies.keys()) {
          const set = compile({ ...input, policies: policies.slice(0, count + 1) });
          const after = decide(set, given, { trace: false });
          expect(strictness[after.outcome]).toBeGreaterThanOrEqual(strictness[before.outcome]);
          const was = sessionStrictness(before.sessionControls);
          for (const [index, value] of sessionStrictness(after.sessionControls).entries())
            expect(value).toBeGreaterThanOrEqual(was[index] ?? 0);
          before = after;
        }
      }),
      runs(2000),
    );
  });

  it('A090: report-only and disabled policies never change the outcome', long, () => {
    const off = policy(fc.constantFrom('disabled', 'enabledForReportingButNotEnforced', null));
    const odd = fc.integer().map((seed) => {
      const random = new Random(seed);
      const policies = Array.from({ length: 8 }, (_, index) => policyOf(random, index));
      return { input: { ...randomSet(random), policies }, given: randomFacts(random) };
    });
    const even = fc
      .record({ input: setInput, added: off, given: facts })
      .map(({ input, added, given }) => ({
        input: { ...input, policies: [added, ...input.policies] },
        given,
      }));
    const isOff = ({ state }: { readonly state?: unknown }): boolean =>
      state === null || state === 'disabled' || state === 'enabledForReportingButNotEnforced';
    fc.assert(
      fc.property(fc.oneof(odd, even), ({ input, given }) => {
        const on = { ...input, policies: input.policies.filter((each) => !isOff(each)) };
        expect(effect(decide(compile(input), given))).toEqual(effect(decide(compile(on), given)));
      }),
      runs(2000),
    );
  });

  it('the trace changes nothing', () => {
    fc.assert(
      fc.property(setInput, facts, (input, given) => {
        const set = compile(input);
        const bare = decide(set, given, { trace: false });
        const traced = decide(set, given);
        expect(effect(bare)).toEqual(effect(traced));
        expect(bare.policies).toEqual(
          traced.policies.map(({ id, displayName, state, result }) => ({
            id,
            displayName,
            state,
            result,
          })),
        );
      }),
      usual,
    );
  });

  it('R41: what is not known never loosens', () => {
    // Not among them: address, country, platform, device, trust and single security attributes, which
    // have a meaning of their own when they are not known.
    const removable = fc.constantFrom(
      ['now'],
      ['user'],
      ['user', 'id'],
      ['user', 'guestOrExternalUserType'],
      ['user', 'homeTenantId'],
      ['user', 'groupIds'],
      ['user', 'roleTemplateIds'],
      ['target'],
      ['target', 'appId'],
      ['target', 'customSecurityAttributes'],
      ['target', 'action'],
      ['target', 'value'],
      ['clientAppType'],
      ['signInRiskLevel'],
      ['userRiskLevel'],
      ['insiderRiskLevel'],
      ['authenticationFlow'],
      ['authentication'],
      ['authentication', 'methods'],
      ['authentication', 'homeClaims'],
      ['registeredMethods'],
      ['registrableMethods'],
      ['homeStepUp'],
      ['deviceRegistrationEnabled'],
      ['termsOfUseAccepted'],
    );
    fc.assert(
      fc.property(setInput, facts, removable, (input, given, path) => {
        const set = compile(input);
        const known = decide(set, given);
        const less = decide(set, without(given, path));
        expect(strictness[less.outcome]).toBeGreaterThanOrEqual(strictness[known.outcome]);
      }),
      usual,
    );
  });

  it('R41: no member of the facts loosens by not being known', long, () => {
    // §11.2 of the contract: these have a meaning of their own when they are not known.
    const meant = /^(ipAddress|country|devicePlatform|device|inboundTrust)($|\.)/;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new Random(seed);
        const set = compile(randomSet(random));
        const given = randomFacts(random);
        const known = decide(set, given, { trace: false }).outcome;
        for (const path of memberPaths(given)) {
          if (meant.test(path) || /customSecurityAttributes\./.test(path)) continue;
          const less = decide(set, leave(given, path.split('.')), { trace: false }).outcome;
          expect([path, strictness[less] >= strictness[known]]).toEqual([path, true]);
        }
      }),
      runs(1000),
    );
  });

  it('what was compiled does not remember a sign-in', () => {
    fc.assert(
      fc.property(setInput, facts, facts, (input, given, between) => {
        const set = compile(input);
        const first = decide(set, given);
        decide(set, between);
        expect(decide(set, given)).toEqual(first);
      }),
      usual,
    );
  });

  it('never throws and changes nothing, whatever the facts are', () => {
    fc.assert(
      fc.property(setInput, fc.oneof(facts, fc.jsonValue(), fc.anything()), (input, given) => {
        const frozen = compile(deepFreeze(input));
        const decision = decide(frozen, deepFreeze(given) as SignInFacts);
        expect(decision.policies).toHaveLength(input.policies.length);
      }),
      usual,
    );
  });

  it('never throws for facts that are nearly right', () => {
    const near = fc.tuple(facts, fc.array(fc.tuple(fc.nat(), fc.jsonValue()), { maxLength: 4 }));
    fc.assert(
      fc.property(setInput, near, (input, [given, changes]) => {
        const keys = Object.keys(given);
        const odd: Record<string, unknown> = { ...given };
        for (const [index, value] of changes) odd[keys[index % keys.length] ?? 'user'] = value;
        expect(() => decide(compile(input), odd)).not.toThrow();
      }),
      usual,
    );
  });
});

describe('compile and the import, for any JSON', () => {
  it('A110: whatever stands in a policy is kept and restricts, never vanishes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), facts, (content, given) => {
        const input = { policies: [{ ...content, state: 'enabled' }] };
        expect(parsePolicies(input.policies).items).toHaveLength(1);
        expect(decide(compile(input), given).policies).toHaveLength(1);
      }),
      usual,
    );
  });

  it('what was parsed and written down parses to the same', () => {
    const odd = fc.integer().map((seed) => randomSet(new Random(seed)).policies);
    const lines = ({ items }: ParseReport): readonly string[] =>
      items.flatMap(({ fields }) => fields.map((field) => JSON.stringify(field)));
    fc.assert(
      fc.property(
        fc.oneof(
          odd,
          setInput.map(({ policies }) => policies),
        ),
        (policies) => {
          const once = parsePolicies(policies);
          const stored = once.items.map(({ item }) => item);
          const again = parsePolicies(JSON.parse(JSON.stringify(stored)));
          const kept = ({ items }: ParseReport): unknown =>
            items.map(({ id, item }) => ({ id, item }));
          expect(kept(again)).toEqual(kept(once));
          // A state that nobody knows is an error only as long as it is written so.
          for (const [index, { enforceable, issues }] of once.items.entries())
            if (!issues.some(({ message }) => message.startsWith('not a state')))
              expect(again.items[index]?.enforceable).toBe(enforceable);
          // Every line stays but those of an id or a state that was filled in.
          const filled = /"(\/value)?\/\d+\/(id|state)"/;
          const told = [once, again].map((report) =>
            lines(report)
              .map((line) => line.replace('"/value/', '"/').toLowerCase())
              .filter((line) => !filled.test(line))
              .sort(),
          );
          expect(told[1]).toEqual(told[0]);
          expect(
            parsePolicies(JSON.parse(JSON.stringify(again.items.map(({ item }) => item)))),
          ).toEqual(again);
        },
      ),
      usual,
    );
  });

  it('A110: an import without errors leaves nothing undecided for a known sign-in', () => {
    const full: SignInFacts = {
      now: '2026-11-20T10:00:00Z',
      user: {
        id: 'aaaa0000-0000-4000-8000-000000000000',
        guestOrExternalUserType: 'b2bCollaborationGuest',
        homeTenantId: null,
        groupIds: [],
        roleTemplateIds: [],
      },
      target: {
        kind: 'application',
        appId: 'dddd0000-0000-4000-8000-000000000000',
        customSecurityAttributes: {},
      },
      clientAppType: 'browser',
      devicePlatform: 'iOS',
      ipAddress: '192.0.2.1',
      country: 'GB',
      device: null,
      signInRiskLevel: 'none',
      userRiskLevel: 'none',
      insiderRiskLevel: 'none',
      authenticationFlow: 'none',
    };
    fc.assert(
      fc.property(setInput, (input) => {
        const reports = parsePolicies(input.policies).items;
        const { policies } = decide(compile(input), full);
        for (const [index, { conditions = [] }] of policies.entries()) {
          if (reports[index]?.enforceable !== true) continue;
          // A location may be missing from the set: only the set knows.
          const open = conditions.filter((c) => c.outcome === 'unknown' && c.name !== 'locations');
          expect(open).toEqual([]);
        }
      }),
      usual,
    );
  });
});

describe('whatIf', () => {
  it('agrees with decide where every condition is known', () => {
    fc.assert(
      fc.property(setInput, (input) => {
        const set = compile(input);
        const answer = whatIf(set, {
          signInIdentity: { externalUserType: 'b2bCollaborationGuest' },
          signInContext: { includeApplications: ['dddd0000-0000-4000-8000-000000000000'] },
          signInConditions: {},
        });
        for (const [index, { policyApplies }] of answer.value.entries()) {
          const { conditions = [] } = answer.decision.policies[index] ?? {};
          if (policyApplies) expect(conditions.every((c) => c.outcome === 'match')).toBe(true);
        }
      }),
      usual,
    );
  });

  it('never throws, whatever the request is', () => {
    fc.assert(
      fc.property(setInput, fc.anything(), (input, request) => {
        expect(() => whatIf(compile(input), request as never)).not.toThrow();
      }),
      runs(300),
    );
  });
});
