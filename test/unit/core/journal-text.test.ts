import { describe, expect, it } from 'vitest';
import { faultText, framesOf, plainName, urlPlace } from '../../../shared/core/journal-text.ts';

describe('what a line may hold of a value from outside', () => {
  it.each([
    ['https://app.example:8443/cb?code=1#x', 'https://app.example:8443/cb'],
    ['HTTP://[::1]:99/a/../b', 'http://[::1]:99/b'],
    ['https://ann@contoso.example/a?b', 'https://contoso.example/a'],
    ['https://app.example/ann@contoso.example', 'https://app.example'],
    ['https://app.example/ann%40contoso.example', 'https://app.example'],
    ['mailto:ann@contoso.example', 'mailto:'],
    ['com.example.app:/cb?code=1', 'com.example.app:/cb'],
    ['foo://ann%40contoso.example/x', 'foo:'],
    ['ann@contoso.example', undefined],
    ['', undefined],
    [undefined, undefined],
    [`https://app.example/${'x'.repeat(5_000)}`, `https://app.example/${'x'.repeat(180)}`],
  ])('of the address %s: %s', (text, told) => {
    expect(urlPlace(text)).toBe(told);
  });

  it('line breaks of an address are none any more', () => {
    expect(urlPlace('foo:\n{"level":\u0000\u001b\u2028}')).not.toMatch(/[\p{Cc}\u2028]/u);
  });

  it.each([
    ['rsa-2026.1', 'rsa-2026.1'],
    ['https://login.example/{tenantid}/v2.0', 'https://login.example/{tenantid}/v2.0'],
    ['ann@contoso.example', undefined],
    ['https://login.example/?ann', undefined],
    ['x'.repeat(201), undefined],
    [7, undefined],
  ])('of the name %s: %s', (name, told) => {
    expect(plainName(name)).toBe(told);
  });

  it('of a fault: its words without addresses and queries; of a parser its name', () => {
    const fault = new TypeError(
      'not <ann@contoso.example>, https://a.example/x?sig=1 or b%40c.example',
    );
    expect(faultText(fault)).toBe('TypeError: not <…>, https://a.example/x?… or …');
    expect(faultText(new Error('x'.repeat(5_000)))).toHaveLength(500);
    try {
      JSON.parse('ann.abel@contoso.example');
    } catch (thrown) {
      expect((thrown as Error).message).toContain('ann.abel');
      expect(faultText(thrown as Error)).toBe('SyntaxError');
    }
    expect(framesOf(fault)).toMatch(/^ +at .*journal-text\.test\.ts/);
    expect(framesOf(fault)).not.toContain('contoso');
  });
});
