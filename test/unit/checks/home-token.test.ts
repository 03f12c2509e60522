import { expect, test } from 'vitest';
import { answerShapeFault, errorCode } from '../../../shared/checks/home-answer.ts';
import { checkHomeToken } from '../../../shared/checks/home-token.ts';

const now = new Date('2026-11-21T12:00:00Z');
const nowSeconds = now.getTime() / 1000;
const expected = { issuer: 'https://idp.test', clientId: 'us', nonce: 'n', now };
const claims = {
  iss: 'https://idp.test',
  sub: 's',
  aud: 'us',
  nonce: 'n',
  iat: nowSeconds,
  exp: nowSeconds + 60,
};

test('what is read: the subject, when, and what the token says beside', () => {
  const beside = { amr: ['pwd'], acr: '1', email: 'a@b', name: 'A', tid: 't', oid: 'o' };
  expect(checkHomeToken({ ...claims, ...beside, auth_time: nowSeconds - 5 }, expected)).toEqual({
    kind: 'ok',
    claims: {
      subject: 's',
      issuedAt: now,
      authTime: new Date(now.getTime() - 5000),
      tenantId: 't',
      objectId: 'o',
      amr: ['pwd'],
      acr: '1',
      email: 'a@b',
      name: 'A',
    },
  });
});

test('optional texts that are too long or no texts are left out, not cut', () => {
  const beside = { acr: 'a'.repeat(321), email: ['a@b'], name: '' };
  const checked = checkHomeToken({ ...claims, ...beside }, expected);
  expect(checked).toMatchObject({
    kind: 'ok',
    claims: { acr: undefined, email: undefined, name: undefined },
  });
});

test('a subject has up to 255 ASCII characters, spaces inside', () => {
  for (const sub of ['a'.repeat(255), 'cn=A B,o=c', '~', '00u1|x'])
    expect(checkHomeToken({ ...claims, sub }, expected)).toMatchObject({ kind: 'ok' });
});

test('the verdict depends on the now that is given, and on none other', () => {
  const early = { ...expected, now: new Date(now.getTime() - 61_000) };
  expect(checkHomeToken(claims, early)).toEqual({ kind: 'invalid', check: 'iat' });
  const never = { ...expected, now: new Date(Number.NaN) };
  expect(checkHomeToken(claims, never).kind).toBe('invalid');
  expect(
    checkHomeToken({ ...claims, auth_time: nowSeconds }, { ...expected, maxAgeSeconds: 0 }),
  ).toMatchObject({ kind: 'ok' });
  expect(
    checkHomeToken(
      { ...claims, auth_time: nowSeconds },
      { ...expected, maxAgeSeconds: Number.NaN },
    ),
  ).toEqual({ kind: 'invalid', check: 'auth_time' });
});

test('the shape of an answer', () => {
  const fault = (query: string) => answerShapeFault(new URLSearchParams(query));
  expect(fault('code=a&state=b&iss=c&session_state=d')).toBeUndefined();
  expect(fault('x=1&x=1')).toBe('parameterTwice');
  expect(fault('code[]=1')).toBe('parameterArray');
  expect(fault(`x=${'a'.repeat(8193)}`)).toBe('parameterLength');
});

test('error codes keep their registered form or are "other"', () => {
  expect(['access_denied', 'AADSTS50020', 'a.b-c'].map(errorCode)).toEqual([
    'access_denied',
    'AADSTS50020',
    'a.b-c',
  ]);
  for (const value of [undefined, '', ' ', 'a b', '<b>', 'a\n', 'a'.repeat(65), 7])
    expect(errorCode(value)).toBe('other');
});
