import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, decide, type Ternary } from '../../../shared/policy/index.ts';
import { readFacts } from '../../../shared/policy/read-facts.ts';
import { both } from '../../../shared/policy/ternary.ts';
import { facts } from './arbitrary-facts.ts';
import { policy, setInput } from './arbitrary-policies.ts';
import { pick } from './pools.ts';
import { runs } from './runs.ts';

const usual = runs(500);
const manyPolicies = fc.array(policy(pick(['enabled', 'enabledForReportingButNotEnforced'])), {
  minLength: 33,
  maxLength: 70,
});

describe('what is looked up for all policies at once', () => {
  it('every condition comes out as it does when it is evaluated by itself, and says the same', () => {
    fc.assert(
      fc.property(setInput, facts, (input, given) => {
        const set = compile(input);
        const seen = readFacts(given);
        const { policies } = decide(set, given);
        for (const [at, { conditions, state }] of set.policies.entries()) {
          const reportOnly = state === 'enabledForReportingButNotEnforced';
          const plain = conditions.map(({ name, condition }) => {
            const outcome = condition.evaluate(seen);
            const note =
              reportOnly && outcome === 'unknown' ? '; counts as a match once enabled' : '';
            return { name, outcome, because: condition.explain(seen) + note };
          });
          expect(policies[at]?.conditions).toEqual(plain);
        }
      }),
      usual,
    );
  });

  it('a policy applies exactly when none of its conditions is known not to match', () => {
    fc.assert(
      fc.property(setInput, manyPolicies, facts, (input, more, given) => {
        const set = compile({ ...input, policies: [...input.policies, ...more] });
        const seen = readFacts(given);
        const { byId, index } = set.compiled;
        const { possible, isCertain } = index.find(seen, false);
        for (const [position, { policy: own }] of byId.entries()) {
          const plain = own.conditions.reduce<Ternary>(
            (outcome, { condition }) => both(outcome, condition.evaluate(seen)),
            own.state === 'disabled' ? 'noMatch' : 'match',
          );
          const certain = isCertain(position) ? 'match' : 'unknown';
          expect(possible.includes(position) ? certain : 'noMatch').toBe(plain);
        }
      }),
      runs(100),
    );
  });

  it('one decision leaves nothing behind for the next', () => {
    fc.assert(
      fc.property(setInput, fc.array(facts, { minLength: 2, maxLength: 5 }), (input, many) => {
        const used = compile(input);
        for (const given of many) {
          expect(decide(used, given)).toEqual(decide(compile(input), given));
          expect(decide(used, given, { trace: false }).policies).toEqual(
            decide(compile(input), given, { trace: false }).policies,
          );
        }
      }),
      runs(150),
    );
  });
});

describe('compiling once more', () => {
  it('keeps the named locations where they are the same, and only there', () => {
    fc.assert(
      fc.property(setInput, setInput, facts, (input, other, given) => {
        const before = compile(input);
        expect(compile(other, before).locations).toBe(before.locations);
        expect(decide(compile(other, before), given)).toEqual(decide(compile(other), given));
        const elsewhere = { ...other, namedLocations: [] };
        expect(compile(elsewhere, before).locations).not.toBe(before.locations);
        expect(decide(compile(elsewhere, before), given)).toEqual(
          decide(compile(elsewhere), given),
        );
      }),
      runs(200),
    );
  });
});
