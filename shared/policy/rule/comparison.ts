import { known, negate, type Ternary } from '../ternary.ts';

/** What a rule compares with. */
export type Operand =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'list'; readonly texts: readonly string[] };

/** What a property holds: null is "no value", undefined "not known". */
export type PropertyValue = string | boolean | readonly string[] | null | undefined;

/** The kind of a property decides which operators it allows. */
export type PropertyKind = 'id' | 'text' | 'choice' | 'boolean' | 'collection';

export interface RuleProperty<Subject> {
  readonly kind: PropertyKind;
  /** Maps a value, in lower case, to the one it stands for (old spellings). */
  readonly canonical?: (value: string) => string;
  read(subject: Subject): PropertyValue;
}

export type Comparison = (value: PropertyValue) => Ternary;

const equality = ['eq', 'ne'];
const membership = [...equality, 'in', 'notin'];
const allowed: Readonly<Record<PropertyKind, readonly string[]>> = {
  id: membership,
  text: [
    ...membership,
    'startswith',
    'notstartswith',
    'endswith',
    'notendswith',
    'contains',
    'notcontains',
  ],
  choice: equality,
  boolean: equality,
  collection: [...equality, 'contains', 'notcontains'],
};

// A negative operator is the positive one denied: on null the one is false, the other true.
const negatives: Readonly<Record<string, string>> = {
  ne: 'eq',
  notin: 'in',
  notstartswith: 'startswith',
  notendswith: 'endswith',
  notcontains: 'contains',
};

type TextTest = (value: string, wanted: string) => boolean;

const textTests: Readonly<Record<string, TextTest>> = {
  eq: (value, wanted) => value === wanted,
  startswith: (value, wanted) => value.startsWith(wanted),
  endswith: (value, wanted) => value.endsWith(wanted),
  contains: (value, wanted) => value.includes(wanted),
};

function compareNull(value: PropertyValue): Ternary {
  return value === undefined ? 'unknown' : known(value === null);
}

function compareBoolean(wanted: boolean): Comparison {
  return (value) => {
    if (value === null) return 'noMatch';
    return typeof value === 'boolean' ? known(value === wanted) : 'unknown';
  };
}

function compareTexts(kind: PropertyKind, operator: string, wanted: readonly string[]): Comparison {
  const test = textTests[operator] ?? textTests['eq'];
  return (value) => {
    if (value === null) return 'noMatch';
    if (kind === 'collection')
      return Array.isArray(value) ? known(wanted.some((w) => value.includes(w))) : 'unknown';
    if (typeof value !== 'string' || test === undefined) return 'unknown';
    return known(wanted.some((w) => test(value, w)));
  };
}

function positive(kind: PropertyKind, operator: string, operand: Operand): Comparison | undefined {
  if (operator === 'in')
    return operand.kind === 'list' ? compareTexts(kind, operator, operand.texts) : undefined;
  if (operand.kind === 'list') return undefined;
  if (operand.kind === 'word') {
    const isNull = operand.text === 'null';
    if (kind === 'boolean') return isNull ? undefined : compareBoolean(operand.text === 'true');
    return isNull && operator === 'eq' ? compareNull : undefined;
  }
  return kind === 'boolean' ? undefined : compareTexts(kind, operator, [operand.text]);
}

/**
 * The comparison an operator makes; undefined when the property does not allow it. Operand texts are
 * in lower case, words are `true`, `false` or `null`.
 */
export function compare(
  kind: PropertyKind,
  operator: string,
  operand: Operand,
): Comparison | undefined {
  if (!allowed[kind].includes(operator)) return undefined;
  const denied = negatives[operator];
  const test = positive(kind, denied ?? operator, operand);
  if (test === undefined || denied === undefined) return test;
  return (value) => negate(test(value));
}
