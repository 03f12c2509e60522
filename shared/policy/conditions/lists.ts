import { claims, type Dimension, everySignIn, unknownWithout } from '../compiled/claim.ts';
import { readSigns } from '../compiled/signs.ts';
import type { KnownFacts } from '../known-facts.ts';
import { both, either, negate, type Ternary } from '../ternary.ts';
import type { Clause, Condition, Matcher } from './condition.ts';

/** A matcher that gives one answer whatever the facts. */
export function always(outcome: Ternary, label: string): Matcher {
  return {
    label,
    test: () => outcome,
    claims: outcome === 'noMatch' ? [] : [{ dimension: everySignIn, value: '', says: outcome }],
  };
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

/** Says which of several matchers gave an outcome; undefined when that takes a look at the facts. */
type Label = (matchers: readonly Matcher[], outcome: Ternary) => string | undefined;

function labelBy(facts: KnownFacts): Label {
  return (matchers, outcome) =>
    matchers.find((m) => m.test(facts) === outcome)?.label ?? 'nothing listed';
}

const labelAlone: Label = (matchers) => (matchers.length === 1 ? matchers[0]?.label : undefined);

function why(
  clause: Clause,
  included: Ternary,
  excluded: Ternary,
  label: Label,
): string | undefined {
  const say = (words: string, name: string | undefined): string | undefined =>
    name && `${words}: ${name}`;
  if (excluded === 'match') return say('excluded', label(clause.exclude, 'match'));
  if (included === 'noMatch') return 'not included';
  if (included === 'unknown') return say('not known', label(clause.include, 'unknown'));
  if (excluded === 'unknown') return say('exclusion not known', label(clause.exclude, 'unknown'));
  return say('included', label(clause.include, 'match'));
}

/** Whether all entries are claims, so that the clause can be looked up for all policies at once. */
export function isIndexed({ include, exclude }: Clause): boolean {
  return [...include, ...exclude].every(({ claims: own }) => own !== undefined);
}

/** Include is OR, any exclude that matches wins, and neither hides what cannot be known. */
export function includeExclude(
  include: readonly Matcher[],
  exclude: readonly Matcher[],
): Condition {
  const clause: Clause = { include, exclude };
  return {
    ...(isIndexed(clause) ? { clauses: [clause] } : {}),
    evaluate(facts) {
      const included = any(include, facts);
      return included === 'noMatch' ? included : both(included, negate(any(exclude, facts)));
    },
    explain: (facts) => why(clause, any(include, facts), any(exclude, facts), labelBy(facts)) ?? '',
    explainSigns(signs) {
      const { included, excluded } = readSigns(signs, 0);
      return why(clause, included, excluded, labelAlone);
    },
  };
}

/** A list of words a single fact is looked up in; an unknown fact makes it unknown. */
export function oneOf<W extends string>(
  words: ReadonlySet<W>,
  broken: boolean,
  fact: (facts: KnownFacts) => W | undefined,
  dimension: Dimension,
): Condition {
  const evaluate = (facts: KnownFacts): Ternary => {
    const value = fact(facts);
    if (value === undefined) return 'unknown';
    if (words.has(value)) return 'match';
    return broken ? 'unknown' : 'noMatch';
  };
  const listed: Matcher = {
    label: '',
    test: evaluate,
    claims: [
      ...claims(dimension, words),
      unknownWithout(dimension),
      ...(broken ? (unreadable('').claims ?? []) : []),
    ],
  };
  return {
    clauses: [{ include: [listed], exclude: [] }],
    evaluate,
    explain(facts) {
      const value = fact(facts);
      if (value === undefined) return 'the fact is not known';
      if (words.has(value)) return `listed: ${value}`;
      return broken ? 'an entry cannot be read' : `not listed: ${value}`;
    },
  };
}
