import { describe, expect, it } from 'vitest';
import type { PropertyValue, RuleProperty } from '../../../shared/policy/rule/comparison.ts';
import { parseRule } from '../../../shared/policy/rule/rule.ts';

type Device = Readonly<Record<string, PropertyValue>>;

const kinds = {
  model: 'text',
  os: 'text',
  id: 'id',
  ok: 'boolean',
  tags: 'collection',
  kind: 'choice',
} as const;

function resolve(name: string): RuleProperty<Device> | undefined {
  const property = Object.entries(kinds).find(([key]) => `device.${key}` === name || key === name);
  return property && { kind: property[1], read: (device) => device[property[0]] ?? null };
}

function run(rule: string, device: Device): string | undefined {
  return parseRule(rule, resolve)?.(device);
}

describe('filter rules', () => {
  it.each<[string, Device, string]>([
    ['device.model -eq "surface"', { model: 'SURFACE' }, 'match'],
    ['model eq "x" or os eq "y" and ok eq True', { model: 'x', os: 'n' }, 'match'],
    ['(model eq "x" or os eq "y") and ok eq True', { model: 'x', ok: false }, 'noMatch'],
    ['not model -eq "x" and os -eq "y"', { model: 'z', os: 'y' }, 'match'],
    ['-not (model -eq "x" -and os -eq "y")', { model: 'x', os: 'z' }, 'match'],
    ['not not model -eq "x"', { model: 'x' }, 'match'],
    ['model -in ["a", "b"]', { model: 'B' }, 'match'],
    ['model -notIn ["a","b"]', {}, 'match'],
    ['model -startsWith "su" and model -endsWith "9"', { model: 'Surface 9' }, 'match'],
    ['model -notContains "x"', { model: 'axa' }, 'noMatch'],
    ['tags -contains "tag"', { tags: ['TAG', 'other'] }, 'match'],
    ['tags -contains "ta"', { tags: ['tag'] }, 'noMatch'],
    ['tags -eq null', { tags: [] }, 'noMatch'],
    ['model -eq "say `"hi`" ``"', { model: 'say "hi" `' }, 'match'],
    ['model -ne null', {}, 'noMatch'],
    ['(((model -eq null)))', {}, 'match'],
    ['MODEL -EQ "X"', { model: 'x' }, 'match'],
    ['model\t-eq\r\n"x"', { model: 'x' }, 'match'],
    ['model -eq "x"-and os -eq "y"', { model: 'x', os: 'y' }, 'match'],
    ['ok -eq TRUE', { ok: true }, 'match'],
    ['ok -eq false', { ok: false }, 'match'],
    ['ok -ne True', {}, 'match'],
    ['os -eq "n" or os -eq "m" or os -eq "y"', { os: 'y' }, 'match'],
    ['os -eq "y" and not (model -eq "a" or model -eq "x")', { os: 'y', model: 'x' }, 'noMatch'],
    ['model -eq "x" and os -eq "n" or ok -eq True', { model: 'x', ok: true }, 'match'],
    ['ok -eq True or model -eq "x" and os -eq "n"', { ok: true }, 'match'],
    ['not ok -eq True or ok -eq True', { ok: true }, 'match'],
    ['not (ok -eq True or ok -eq True)', { ok: true }, 'noMatch'],
    ['model -in ["a"]', { model: 'a' }, 'match'],
    ['model -in ["a", "b", "c"]', { model: 'c' }, 'match'],
    ['model -eq "`x"', { model: 'x' }, 'match'],
    ['model -eq ""', { model: '' }, 'match'],
    ['model -eq "(and)"', { model: '(AND)' }, 'match'],
  ])('%s', (rule, device, expected) => {
    expect(run(rule, device)).toBe(expected);
  });

  it.each([
    '',
    '   ',
    '()',
    '()model -eq "x"',
    'not',
    'model -eq "x" or or os -eq "y"',
    'model -eq "x" os -eq "y"',
    'model -eq "x" (os -eq "y")',
    'model (-eq "x")',
    'model -eq (',
    'model -eq yes',
    'model -eq true',
    'model "x"',
    '"model" -eq "x"',
    'model -in ["a",]',
    'model -in [,"a"]',
    'model -in ["a"',
    'model -in ["a")',
    'model -in [a]',
    'model -in ("a")',
    'model - eq "x"',
    'model --eq "x"',
    'model -eq 7',
    '[model -eq "x"]',
    'model -eq "x",',
    'kind -contains "x"',
    'tags -in ["x"]',
    'ok -eq "True"',
    'ok -in ["x"]',
    'model -contains null',
    'model -in null',
    'model',
    'model -eq',
    'model -eq "x',
    "model -eq 'x'",
    'model -match "^x"',
    'model -eq "x" and',
    'and model -eq "x"',
    'model -eq "x" not os -eq "y"',
    '(model -eq "x"',
    'model -eq "x")',
    'model -in "x"',
    'model -eq ["x"]',
    'model -in []',
    'model -in ["a" "b"]',
    'model -startsWith null',
    'ok -eq "maybe"',
    'ok -eq null',
    'id -contains "x"',
    'kind -in ["x"]',
    'tags -startsWith "x"',
    'serial -eq "1"',
    'model -eq "x" ; drop',
    '__proto__ -eq "x"',
    'constructor -eq "x"',
  ])('does not parse: %s', (rule) => {
    expect(parseRule(rule, resolve)).toBeUndefined();
  });

  it('what is not known stays not known, and Kleene decides the rest', () => {
    const unread = (name: string): RuleProperty<Device> | undefined => {
      const property = resolve(name);
      return property && { ...property, read: (device) => device[name] };
    };
    const rule = (text: string) => parseRule(text, unread)?.({ os: 'y' });
    expect(rule('model -eq "x"')).toBe('unknown');
    expect(rule('model -ne "x"')).toBe('unknown');
    expect(rule('model -eq "x" or os -eq "y"')).toBe('match');
    expect(rule('model -eq "x" and os -eq "n"')).toBe('noMatch');
  });

  it.each([
    ['100,000 characters', `model -eq "${'x'.repeat(100_000)}"`],
    ['depth 10,000', `${'('.repeat(10_000)}model -eq "x"${')'.repeat(10_000)}`],
    ['a text that never ends', `model -eq "${'`'.repeat(3000)}`],
    ['blanks before nothing', `model -eq${' '.repeat(3000)}`],
  ])('A112: %s is refused at once', (_, rule) => {
    expect(parseRule(rule, resolve)).toBeUndefined();
  });

  it('A112: the deepest rule that fits is read without recursion', () => {
    const depth = 1500;
    const rule = parseRule(`${'('.repeat(depth)}model -eq "x"${')'.repeat(depth)}`, resolve);
    expect(rule?.({ model: 'x' })).toBe('match');
    const denied = parseRule(`${'not '.repeat(760)}model -eq "x"`, resolve);
    expect(denied?.({ model: 'x' })).toBe('match');
  });
});
