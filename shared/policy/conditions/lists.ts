import type { KnownFacts } from '../known-facts.ts';
import { both, either, negate, type Ternary } from '../ternary.ts';
import type { Condition } from './condition.ts';

/** One entry, or one group of entries, of an include or exclude list. */
export interface Matcher {
  readonly label: string;
  test(facts: KnownFacts): Ternary;
}

/** A matcher that gives one answer whatever the facts. */
export function always(outcome: Ternary, label: string): Matcher {
  return { label, test: () => outcome };
}

/** Stands for entries that are not understood: the list is unknown unless another entry matches. */
export function unreadable(label: string): Matcher {
  return always('unknown', `${label}: an entry cannot be read`);
}

export function any(matchers: readonly Matcher[], facts: KnownFacts): Ternary {
  let outcome: Ternary = 'noMatch';
  for (const matcher of matchers) {
    outcome = either(outcome, matcher.test(facts));
    if (outcome === 'match') return outcome;
  }
  return outcome;
}

function labelOf(matchers: readonly Matcher[], facts: KnownFacts, outcome: Ternary): string {
  return matchers.find((m) => m.test(facts) === outcome)?.label ?? 'nothing listed';
}

/** Include is OR, any exclude that matches wins, and neither hides what cannot be known. */
export function includeExclude(
  include: readonly Matcher[],
  exclude: readonly Matcher[],
): Condition {
  return {
    evaluate(facts) {
      const included = any(include, facts);
      return included === 'noMatch' ? included : both(included, negate(any(exclude, facts)));
    },
    explain(facts) {
      const excluded = any(exclude, facts);
      if (excluded === 'match') return `excluded: ${labelOf(exclude, facts, 'match')}`;
      const included = any(include, facts);
      if (included === 'noMatch') return 'not included';
      if (included === 'unknown') return `not known: ${labelOf(include, facts, 'unknown')}`;
      if (excluded === 'unknown')
        return `exclusion not known: ${labelOf(exclude, facts, 'unknown')}`;
      return `included: ${labelOf(include, facts, 'match')}`;
    },
  };
}

/** A list of words a single fact is looked up in; an unknown fact makes it unknown. */
export function oneOf<W extends string>(
  words: ReadonlySet<W>,
  broken: boolean,
  fact: (facts: KnownFacts) => W | undefined,
): Condition {
  const evaluate = (facts: KnownFacts): Ternary => {
    const value = fact(facts);
    if (value === undefined) return 'unknown';
    if (words.has(value)) return 'match';
    return broken ? 'unknown' : 'noMatch';
  };
  return {
    evaluate,
    explain(facts) {
      const value = fact(facts);
      if (value === undefined) return 'the fact is not known';
      if (words.has(value)) return `listed: ${value}`;
      return broken ? 'an entry cannot be read' : `not listed: ${value}`;
    },
  };
}
