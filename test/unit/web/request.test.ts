import { describe, expect, it } from 'vitest';
import { Fault, type FaultCode } from '../../../shared/core/errors.ts';
import {
  isSpeculative,
  readForm,
  readJson,
  readQuery,
  requireSameOrigin,
  type WebRequest,
} from '../../../shared/web/request.ts';

const origin = 'https://signin.fabrikam.example';

function request(
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): WebRequest & { readonly wasRead: () => boolean } {
  let read = false;
  const headers = new Headers(init.headers);
  return {
    method: init.method ?? 'GET',
    url: `${origin}${path}`,
    headers,
    text: async () => {
      read = true;
      return init.body ?? '';
    },
    wasRead: () => read,
  };
}

const form = (body: string, headers: Record<string, string> = {}) =>
  request('/signin', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  });

const json = (body: string, type = 'application/json') =>
  request('/v1.0/users', { method: 'POST', headers: { 'content-type': type }, body });

const limits = { maxBytes: 16 * 1024 };

const fault = (code: FaultCode) => expect.objectContaining({ name: 'Fault', code });

function faultOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof Fault ? thrown.code : 'not a fault';
  }
  return undefined;
}

describe('R16 parameters', () => {
  it('are read once decoded, empty ones and blanks included', () => {
    const { values, duplicates } = readQuery(request('/authorize?a=1&b=&c=x+y%20z&d'));
    expect([...values]).toEqual([
      ['a', '1'],
      ['b', ''],
      ['c', 'x y z'],
      ['d', ''],
    ]);
    expect(duplicates).toEqual([]);
  });

  it('are listed when they come more often, whatever their values and spelling', async () => {
    expect(readQuery(request('/?state=1&state=1&x=2')).duplicates).toEqual(['state']);
    expect(readQuery(request('/?state=1&%73tate=2')).duplicates).toEqual(['state']);
    expect((await readForm(form('a=1&a=2&a=3&b=1&b=2'))).duplicates).toEqual(['a', 'b']);
  });

  it('may be called like members of every object', () => {
    const { values } = readQuery(request('/?__proto__=x&constructor=y'));
    expect(values.get('__proto__')).toBe('x');
    expect(values.get('toString')).toBeUndefined();
  });
});

describe('R52 A117 sizes', () => {
  it('a query of 8 KiB is read, one byte more is refused', () => {
    expect(readQuery(request(`/?a=${'x'.repeat(8190)}`)).values.size).toBe(1);
    expect(faultOf(() => readQuery(request(`/?a=${'x'.repeat(8191)}`)))).toBe('requestTooLarge');
  });

  it('a form of 16 KiB is read, one byte more is refused', async () => {
    expect((await readForm(form(`a=${'x'.repeat(16_382)}`))).values.size).toBe(1);
    await expect(readForm(form(`a=${'x'.repeat(16_383)}`))).rejects.toEqual(
      fault('requestTooLarge'),
    );
  });

  it('a body announced as too large is not read at all', async () => {
    const announced = form('a=1', { 'content-length': '10485760' });
    await expect(readForm(announced)).rejects.toEqual(fault('requestTooLarge'));
    expect(announced.wasRead()).toBe(false);
  });

  it('bytes count, not characters', async () => {
    await expect(readForm(form('ü'.repeat(8193)))).rejects.toEqual(fault('requestTooLarge'));
    await expect(readJson(json(`"${'€'.repeat(10)}"`), { maxBytes: 31 })).rejects.toEqual(
      fault('requestTooLarge'),
    );
  });

  it('a hundred parameters are read, a thousand small ones refused', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => `a${i}=1`).join('&');
    expect(readQuery(request(`/?${many(100)}`)).values.size).toBe(100);
    expect(faultOf(() => readQuery(request(`/?${many(1000)}`)))).toBe('requestTooLarge');
    await expect(readForm(form(many(101)))).rejects.toEqual(fault('requestTooLarge'));
  });
});

describe('R51 content type', () => {
  const refusedForForms = [
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/json',
    'application/x-www-form-urlencoded2',
    'application/x-www-form-urlencoded; charset=iso-8859-1',
    '',
  ];
  it.each(refusedForForms)('a form of %j is refused unread', async (type) => {
    const sent = form('a=1', { 'content-type': type });
    await expect(readForm(sent)).rejects.toEqual(fault('mediaTypeUnsupported'));
    expect(sent.wasRead()).toBe(false);
  });

  it('a form without any is refused', async () => {
    await expect(readForm(request('/signin', { method: 'POST', body: 'a=1' }))).rejects.toEqual(
      fault('mediaTypeUnsupported'),
    );
  });

  it.each([
    'application/x-www-form-urlencoded',
    'Application/X-WWW-Form-Urlencoded; charset=UTF-8',
    'application/x-www-form-urlencoded;charset="utf-8"',
  ])('a form of %j is read', async (type) => {
    expect((await readForm(form('a=1', { 'content-type': type }))).values.get('a')).toBe('1');
  });

  it('JSON is read as such only', async () => {
    expect(await readJson(json('{"a":1}', 'application/json;odata.metadata=none'), limits)).toEqual(
      { a: 1 },
    );
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/json']) {
      await expect(readJson(json('{}', type), limits)).rejects.toEqual(
        fault('mediaTypeUnsupported'),
      );
    }
  });
});

describe('R52 JSON depth', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  it('ten are read, eleven refused; objects count like lists', async () => {
    expect(await readJson(json(nested(10)), limits)).toBeDefined();
    await expect(readJson(json(nested(11)), limits)).rejects.toEqual(fault('requestMalformed'));
    const objects = `${'{"a":'.repeat(11)}1${'}'.repeat(11)}`;
    await expect(readJson(json(objects), limits)).rejects.toEqual(fault('requestMalformed'));
  });

  it('is a limit of the route', async () => {
    expect(await readJson(json(nested(20)), { ...limits, maxDepth: 20 })).toBeDefined();
  });

  it('brackets in text do not count, escaped quotes do not end it', async () => {
    const text = `{"a":"${'['.repeat(50)}\\"${'{'.repeat(50)}\\\\"}`;
    expect(await readJson(json(text), limits)).toBeDefined();
  });

  it('a thousand times too deep is refused before it is parsed', async () => {
    await expect(
      readJson(json('['.repeat(1_000_000)), { maxBytes: 32 * 1024 * 1024 }),
    ).rejects.toEqual(fault('requestMalformed'));
  });

  it.each(['', '{', '{"a":1}}', 'undefined', "{'a':1}", '{"a":NaN}', '[1,]'])(
    '%j is malformed',
    async (text) => {
      await expect(readJson(json(text), limits)).rejects.toEqual(fault('requestMalformed'));
    },
  );
});

describe('A156 speculative requests', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['GET', {}, false],
    ['HEAD', {}, true],
    ['head', {}, true],
    ['GET', { 'sec-purpose': 'prefetch' }, true],
    ['GET', { 'sec-purpose': 'prefetch;prerender' }, true],
    ['GET', { 'sec-purpose': 'prefetch;anonymous-client-ip' }, true],
    ['GET', { purpose: 'prefetch' }, true],
    ['GET', { purpose: 'Prefetch' }, true],
    ['GET', { 'x-moz': 'prefetch' }, true],
    ['GET', { 'x-purpose': 'preview' }, true],
    ['GET', { 'sec-purpose': '' }, false],
    ['GET', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, false],
  ])('%s %j → %s', (method, headers, expected) => {
    expect(isSpeculative(request('/callback/contoso', { method, headers }))).toBe(expected);
  });
});

describe('R51 A056 same origin', () => {
  const table: readonly [string | undefined, string | undefined, boolean][] = [
    ['same-origin', origin, true],
    ['same-origin', undefined, true],
    [undefined, origin, true],
    [undefined, undefined, false],
    ['same-site', origin, false],
    ['cross-site', origin, false],
    ['none', origin, false],
    ['cross-site', undefined, false],
    ['', origin, false],
    ['same-origin', 'https://evil.example', false],
    ['same-origin', 'null', false],
    [undefined, 'null', false],
    [undefined, 'https://evil.example', false],
    [undefined, 'http://signin.fabrikam.example', false],
    [undefined, `${origin}:443`, false],
    [undefined, `${origin}.evil.example`, false],
    [undefined, `${origin}/`, false],
    [undefined, origin.toUpperCase(), false],
  ];
  it.each(table)('Sec-Fetch-Site %j, Origin %j → %s', (site, from, expected) => {
    const headers: Record<string, string> = {};
    if (site !== undefined) headers['sec-fetch-site'] = site;
    if (from !== undefined) headers['origin'] = from;
    const check = () => requireSameOrigin(request('/signin', { method: 'POST', headers }), origin);
    expect(faultOf(check)).toBe(expected ? undefined : 'crossSiteRequest');
  });
});
