/**
 * Somebody sits down at a browser that is still signed in at home. An app that asks for a fresh
 * authentication must get one: the wish reaches the home, and an answer that is older is refused,
 * also where the wish was taken out of the address on the way.
 */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { type FakeIdp, startFakeIdp } from '../support/fake-idp.ts';
import { answerOfNorthwind, nora, withNorthwind } from '../support/http-northwind.ts';
import { authorizationAnswerOf, type Got, jsonOf } from '../support/http-send.ts';
import {
  ask,
  leaveForHome,
  proveAtHome,
  proveHere,
  redeem,
  textOf,
} from '../support/http-steps.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

let idp: FakeIdp;
let world: HttpWorld;
beforeAll(async () => {
  idp = await startFakeIdp();
  world = await startHttpWorld({ seed: withNorthwind(idp) });
});
afterAll(async () => {
  await world.close();
  await idp[Symbol.asyncDispose]();
});

const goesOn = (got: Got) => formOf(got.text).action.startsWith('/mfa/');

async function toNorthwind(changes: Record<string, string>) {
  const browser = world.browser();
  return { browser, leaving: await leaveForHome(world, browser, ask(world, changes), nora.mail) };
}

test.each([
  [{ prompt: 'login' }, { prompt: 'login', max_age: '0' }],
  [{ prompt: 'select_account' }, { prompt: 'login', max_age: '0' }],
  [
    { prompt: 'login consent', max_age: '600' },
    { prompt: 'login', max_age: '0' },
  ],
  [{ max_age: '0' }, { prompt: 'login', max_age: '0' }],
  [{ max_age: '600' }, { prompt: null, max_age: '600' }],
  [{}, { prompt: null, max_age: null }],
])('R14: what the app asks reaches the home: %j → %j', async (asked, expected) => {
  const byForm = new URL((await toNorthwind(asked)).leaving).searchParams;
  const straight = await world.send(ask(world, { ...asked, domain_hint: 'northwind' }).url);
  for (const query of [byForm, new URL(straight.location ?? '').searchParams])
    for (const [name, value] of Object.entries(expected)) expect(query.get(name)).toBe(value);
});

test('R14: an answer of before the request is refused, one of after it goes on', async () => {
  const nowSeconds = () => Math.floor(world.clock().getTime() / 1000);
  // 60 seconds are for clocks that differ
  const cases: readonly [Record<string, string>, number | undefined, boolean][] = [
    [{ prompt: 'login' }, 0, true],
    [{ prompt: 'login' }, -55, true],
    [{ prompt: 'login' }, -65, false],
    [{ prompt: 'login' }, undefined, false],
    [{ prompt: 'login' }, 120, false],
    [{ max_age: '300' }, -300, true],
    [{ max_age: '300' }, -370, false],
    [{ max_age: '300' }, undefined, false],
    [{}, -590, true],
    [{}, undefined, true],
  ];
  for (const [asked, ageSeconds, passes] of cases) {
    const { browser, leaving } = await toNorthwind(asked);
    const auth_time = ageSeconds === undefined ? undefined : nowSeconds() + ageSeconds;
    const got = await browser.open(answerOfNorthwind(world, idp, leaving, { auth_time }));
    expect([goesOn(got), got.status], JSON.stringify([asked, ageSeconds])).toEqual(
      passes ? [true, 200] : [false, 403],
    );
  }
});

test('R37: who has nothing registered and authenticated long ago goes home for a fresh proof first', async () => {
  const { browser, leaving } = await toNorthwind({});
  const auth_time = Math.floor(world.clock().getTime() / 1000) - 610;
  const got = await browser.open(answerOfNorthwind(world, idp, leaving, { auth_time }));
  expect(got.status).toBe(303);
  const again = new URL(String(got.headers['location']));
  expect(again.origin).toBe(new URL(leaving).origin);
  expect(again.searchParams.get('prompt')).toBe('login');
  expect(again.searchParams.get('max_age')).toBe('0');
  const fresh = { auth_time: auth_time + 610 };
  const page = await browser.open(answerOfNorthwind(world, idp, again.href, fresh));
  expect([goesOn(page), page.status]).toEqual([true, 200]);
});

test('R14: the wish taken out of the address, at a home that is signed in, is noticed', async () => {
  const browser = world.browser();
  await proveAtHome(world, browser, await leaveForHome(world, browser, ask(world)));
  world.advance(90_000);
  const stripped = async (changes: Record<string, string>) => {
    const leaving = new URL(await leaveForHome(world, browser, ask(world, changes)));
    leaving.searchParams.delete('prompt');
    leaving.searchParams.delete('max_age');
    return browser.open(await proveAtHome(world, browser, leaving.href));
  };
  const refused = await stripped({ prompt: 'login' });
  expect(refused.status, textOf(refused)).toBe(403);
  expect(goesOn(await stripped({}))).toBe(true);
});

test('R14: Contoso asks for the password again', async () => {
  const browser = world.browser();
  await proveAtHome(world, browser, await leaveForHome(world, browser, ask(world)));
  const again = await leaveForHome(world, browser, ask(world, { prompt: 'login' }));
  const { got } = await browser.follow(again, {}, ({ origin }) => origin === world.issuer);
  expect(formOf(got?.text ?? '').action).toContain('/interaction/');
});

test('R14: auth_time is the home’s own, not the moment of the token', async () => {
  const { browser } = await toNorthwind({});
  const asked = ask(world);
  const leaving = await leaveForHome(world, browser, asked, nora.mail);
  const auth_time = Math.floor(world.clock().getTime() / 1000) - 543;
  const page = await browser.open(answerOfNorthwind(world, idp, leaving, { auth_time }));
  const answered = await proveHere(world, browser, page, {});
  const code = authorizationAnswerOf(answered, world.issuer)?.get('code') ?? '';
  const tokens = jsonOf(await redeem(world, asked, code));
  expect(decodeJwt(String(tokens['id_token']))['auth_time']).toBe(auth_time);
  expect(decodeJwt(String(tokens['access_token']))['auth_time']).toBe(auth_time);
});
