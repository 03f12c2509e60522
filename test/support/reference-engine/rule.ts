// §11.5 and EF §1.7: the rule language of device filters and application filters.
import { allOf, anyOf, fromBoolean, not, type Three } from './kleene.ts';
import { type Json, same } from './reading.ts';

/** What a rule sees of one property. `undefined`: it is not known. */
export type Value = string | boolean | readonly string[] | null | undefined;
type Node = (read: (property: string) => Value) => Three;

interface Comparison {
  readonly property: string;
  readonly operator: string;
  readonly value: string | boolean | null | readonly string[];
}

type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: string };

function tokensOf(rule: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < rule.length) {
    const character = rule.charAt(at);
    if (/\s/.test(character)) {
      at += 1;
    } else if ('()[],'.includes(character)) {
      tokens.push({ kind: 'mark', text: character });
      at += 1;
    } else if (character === '"') {
      let text = '';
      at += 1;
      while (at < rule.length && rule.charAt(at) !== '"') {
        // A backtick escapes what follows.
        if (rule.charAt(at) === '`') at += 1;
        text += rule.charAt(at);
        at += 1;
      }
      if (at >= rule.length) return undefined;
      tokens.push({ kind: 'string', text });
      at += 1;
    } else {
      const word = /^[-A-Za-z0-9_.]+/.exec(rule.slice(at));
      if (word === null) return undefined;
      tokens.push({ kind: 'word', text: word[0] });
      at += word[0].length;
    }
  }
  return tokens;
}

const operators = [
  'eq',
  'ne',
  'startsWith',
  'notStartsWith',
  'endsWith',
  'notEndsWith',
  'contains',
  'notContains',
  'in',
  'notIn',
];

/** The hyphen is optional. */
function isKeyword(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && same(token.text.replace(/^-/, ''), word);
}

class DoesNotParse extends Error {}

function parse(tokens: readonly Token[], check: (comparison: Comparison) => Node): Node {
  let at = 0;

  function take(): Token {
    const token = tokens[at];
    if (token === undefined) throw new DoesNotParse();
    at += 1;
    return token;
  }

  function expectMark(text: string): void {
    const token = take();
    if (token.kind !== 'mark' || token.text !== text) throw new DoesNotParse();
  }

  function listValue(): readonly string[] {
    const values: string[] = [];
    for (;;) {
      const token = take();
      if (token.kind !== 'string') throw new DoesNotParse();
      values.push(token.text);
      const next = take();
      if (next.kind === 'mark' && next.text === ']') return values;
      if (next.kind !== 'mark' || next.text !== ',') throw new DoesNotParse();
    }
  }

  function value(): Comparison['value'] {
    const token = take();
    if (token.kind === 'string') return token.text;
    if (token.kind === 'mark') {
      if (token.text === '[') return listValue();
      throw new DoesNotParse();
    }
    if (same(token.text, 'null')) return null;
    if (same(token.text, 'true')) return true;
    if (same(token.text, 'false')) return false;
    throw new DoesNotParse();
  }

  function primary(): Node {
    const token = take();
    if (token.kind === 'mark') {
      if (token.text !== '(') throw new DoesNotParse();
      const inner = or();
      expectMark(')');
      return inner;
    }
    if (token.kind !== 'word') throw new DoesNotParse();
    const written = take();
    const operator = operators.find((name) => isKeyword(written, name));
    if (operator === undefined) throw new DoesNotParse();
    return check({ property: token.text, operator, value: value() });
  }

  function negation(): Node {
    if (!isKeyword(tokens[at], 'not')) return primary();
    at += 1;
    const inner = negation();
    return (read) => not(inner(read));
  }

  function and(): Node {
    const parts = [negation()];
    while (isKeyword(tokens[at], 'and')) {
      at += 1;
      parts.push(negation());
    }
    return (read) => allOf(parts.map((part) => part(read)));
  }

  function or(): Node {
    const parts = [and()];
    while (isKeyword(tokens[at], 'or')) {
      at += 1;
      parts.push(and());
    }
    return (read) => anyOf(parts.map((part) => part(read)));
  }

  const rule = or();
  if (at !== tokens.length) throw new DoesNotParse();
  return rule;
}

function parseRule(rule: unknown, check: (comparison: Comparison) => Node): Node | undefined {
  // §11.5: an empty rule or one over 3,072 characters does not parse.
  if (typeof rule !== 'string' || rule.trim() === '' || rule.length > 3072) return undefined;
  const tokens = tokensOf(rule);
  if (tokens === undefined) return undefined;
  try {
    return parse(tokens, check);
  } catch (error) {
    if (error instanceof DoesNotParse) return undefined;
    throw error;
  }
}

const stringOperators = operators;
const properties: Readonly<Record<string, readonly string[]>> = {
  deviceId: ['eq', 'ne', 'in', 'notIn'],
  mdmAppId: ['eq', 'ne', 'in', 'notIn'],
  displayName: stringOperators,
  manufacturer: stringOperators,
  model: stringOperators,
  enrollmentProfileName: stringOperators,
  operatingSystem: stringOperators,
  operatingSystemVersion: stringOperators,
  deviceOwnership: ['eq', 'ne'],
  isCompliant: ['eq', 'ne'],
  physicalIds: ['contains', 'notContains', 'eq', 'ne'],
  systemLabels: ['contains', 'notContains', 'eq', 'ne'],
  profileType: ['eq', 'ne'],
  trustType: ['eq', 'ne'],
};

/** The property as the facts spell it. */
function deviceProperty(written: string): string | undefined {
  const name = written.replace(/^device\./i, '');
  const extension = /^extensionAttribute([1-9]|1[0-5])$/i.exec(name);
  if (extension !== null) return `extensionAttribute${extension[1]}`;
  return Object.keys(properties).find((known) => same(known, name));
}

/** §4: EntraID is AzureAD. */
function trustTypeOf(value: string): string {
  return same(value, 'EntraID') ? 'AzureAD' : value;
}

/** The value fits the operator: null only with eq and ne, a list only with in and notIn. */
function valueFits({ operator, value }: Comparison): boolean {
  const list = operator === 'in' || operator === 'notIn';
  if (Array.isArray(value)) return list;
  if (list) return false;
  if (value === null) return operator === 'eq' || operator === 'ne';
  return true;
}

/** `-eq` and its like: on null false, and the negative operator is its opposite. */
function positive(actual: string | readonly string[] | null, comparison: Comparison): boolean {
  const { operator, value } = comparison;
  const base = operator.replace(/^not/, '').replace(/^ne$/, 'eq').toLowerCase();
  if (value === null) return actual === null;
  if (actual === null) return false;
  if (typeof actual !== 'string')
    return typeof value === 'string' && actual.some((entry) => same(entry, value));
  if (Array.isArray(value)) return value.some((entry) => same(entry, actual));
  if (typeof value !== 'string') return false;
  const [whole, part] = [actual.toLowerCase(), value.toLowerCase()];
  if (base === 'eq') return whole === part;
  if (base === 'startswith') return whole.startsWith(part);
  if (base === 'endswith') return whole.endsWith(part);
  return whole.includes(part);
}

function compare(comparison: Comparison, actual: string | readonly string[] | null): Three {
  const negative = comparison.operator === 'ne' || comparison.operator.startsWith('not');
  const met = positive(actual, comparison);
  return fromBoolean(negative ? !met : met);
}

function checkDevice(comparison: Comparison): Node {
  const property = deviceProperty(comparison.property);
  if (property === undefined) throw new DoesNotParse();
  const allowed = properties[property] ?? stringOperators;
  if (!allowed.includes(comparison.operator) || !valueFits(comparison)) throw new DoesNotParse();
  const { value } = comparison;
  if (property === 'isCompliant') {
    // §11.5: compares with True or False only.
    if (typeof value !== 'boolean') throw new DoesNotParse();
    return (read) => {
      const actual = read(property);
      if (actual !== null && typeof actual !== 'boolean') return 'unknown';
      const told = actual === null ? null : String(actual);
      return compare({ ...comparison, value: String(value) }, told);
    };
  }
  if (typeof value === 'boolean') throw new DoesNotParse();
  if (property === 'trustType') {
    const word = typeof value === 'string' ? trustTypeOf(value) : value;
    return (read) => {
      const actual = read(property);
      if (actual !== null && typeof actual !== 'string') return 'unknown';
      return compare({ ...comparison, value: word }, actual === null ? null : trustTypeOf(actual));
    };
  }
  const collection = property === 'physicalIds' || property === 'systemLabels';
  return (read) => {
    const actual = read(property);
    // §11.1: of the wrong type it is not known.
    if (actual === undefined || typeof actual === 'boolean') return 'unknown';
    if (actual !== null && Array.isArray(actual) !== collection) return 'unknown';
    return compare(comparison, actual);
  };
}

/** A device rule, or nothing where it does not parse. */
export function deviceRule(rule: unknown): Node | undefined {
  return parseRule(rule, checkDevice);
}

function checkAttribute(comparison: Comparison): Node {
  const name = /^CustomSecurityAttribute\.(.+)$/i.exec(comparison.property)?.[1];
  if (name === undefined) throw new DoesNotParse();
  if (!valueFits(comparison) || typeof comparison.value === 'boolean') throw new DoesNotParse();
  return (read) => {
    const actual = read(name);
    if (actual === undefined) return 'unknown';
    return compare(comparison, typeof actual === 'string' ? actual : null);
  };
}

/** §11.4: absent attributes are unknown; one missing from given ones is null. */
export function attributeRule(
  rule: unknown,
): ((attributes: Json | undefined) => Three) | undefined {
  const parsed = parseRule(rule, checkAttribute);
  if (parsed === undefined) return undefined;
  return (attributes) => {
    if (attributes === undefined) return 'unknown';
    return parsed((name) => {
      const found = Object.entries(attributes).find(([key]) => same(key, name));
      if (found === undefined || found[1] === null || found[1] === undefined) return null;
      return typeof found[1] === 'string' ? found[1] : undefined;
    });
  };
}
