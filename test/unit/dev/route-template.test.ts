import { describe, expect, test } from 'vitest';
import { compileRoute, isReservedRoute } from '../../../dev/host/route-template.ts';

describe('route templates', () => {
  test.each([
    ['authorize', '/authorize', {}],
    ['authorize', '/AUTHORIZE/', {}],
    ['authorize', '/%61uthorize', {}],
    ['authorize', '/authorize/x', undefined],
    ['', '/', {}],
    ['callback/{partner}', '/callback/contoso', { partner: 'contoso' }],
    ['callback/{partner}', '/callback/', undefined],
    ['callback/{partner}', '/callback/a/b', undefined],
    ['callback/{partner}', '/callback/a%2Fb', { partner: 'a%2Fb' }],
    ['callback/{partner}', '/callback/%zz%E2%82%AC', { partner: '%zz€' }],
    ['users/{id:int}', '/users/12', { id: '12' }],
    ['users/{id:int}', '/users/ab', undefined],
    ['users/{id?}', '/users', {}],
    ['users/{id?}', '/users/7', { id: '7' }],
    ['files/{*rest}', '/files/a/b.txt', { rest: 'a/b.txt' }],
    ['files/{*rest}', '/files', {}],
    ['files/{name}.{type}', '/files/a.txt', { name: 'a', type: 'txt' }],
    ['.well-known/openid-configuration', '/.well-known/openid-configuration', {}],
    ['.well-known/openid-configuration', '/xwell-known/openid-configuration', undefined],
    ["users('{id}')/x", "/users('7')/x", { id: '7' }],
  ])('%s and %s', (template, path, expected) => {
    expect(compileRoute(template).match(path)).toEqual(expected);
  });

  test('the most specific one comes first', () => {
    const templates = ['{*rest}', 'users/{id}', '{a}/{b}', 'users/me', 'users/{id:int}'];
    const sorted = templates
      .map(compileRoute)
      .sort((a, b) => (a.precedence < b.precedence ? -1 : 1));
    expect(sorted.map(({ text }) => text)).toEqual([
      'users/me',
      'users/{id:int}',
      'users/{id}',
      '{a}/{b}',
      '{*rest}',
    ]);
  });

  test('what the host cannot read it refuses', () => {
    expect(() => compileRoute('x/{id:regex(a)}')).toThrow('cannot read');
    expect(() => compileRoute('x/{id:decimal}')).toThrow(':decimal');
    expect(() => compileRoute('x/{id=5}')).toThrow('cannot read');
  });

  test.each(['admin', '/admin/x', 'ADMIN', 'runtime/x', 'administrators'])(
    '%s is taken',
    (route) => {
      expect(isReservedRoute(route)).toBe(true);
    },
  );

  test.each(['manage', 'x/admin', ''])('"%s" is free', (route) => {
    expect(isReservedRoute(route)).toBe(false);
  });
});
