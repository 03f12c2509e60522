/**
 * The addresses we fetch are influenced by partners: they point inside our network, at the cloud's
 * metadata service, or at a name that changes its address between check and use.
 */
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { guardedFetch } from '../../shared/adapters/home-idp/guarded-fetch.ts';
import { guardedLookup } from '../../shared/adapters/home-idp/guarded-fetch-lookup.ts';
import { startFakeIdp } from '../support/fake-idp.ts';

const get = { method: 'GET', headers: {} };
const refused = (detail: string) => ({ code: 'homeUnavailable', status: 503, detail });
const addresses = (...list: string[]) =>
  list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

afterEach(() => {
  vi.restoreAllMocks();
});

/** No request may even be made: the sandbox has no network, and a refusal needs none. */
function withoutRequests() {
  return [vi.spyOn(http, 'request'), vi.spyOn(https, 'request')];
}

describe('R26 A025: the address itself is refused before anything is asked', () => {
  test.each([
    ['http://idp.test/jwks', 'notHttps'],
    ['http://169.254.169.254/metadata', 'notHttps'],
    ['file:///etc/passwd', 'notHttps'],
    ['ftp://idp.test/', 'notHttps'],
    ['data:application/json,{}', 'notHttps'],
    ['https://169.254.169.254/metadata', 'addressLiteral'],
    ['https://2852039166/', 'addressLiteral'],
    ['https://0x7f000001/', 'addressLiteral'],
    ['https://0177.0.0.1/', 'addressLiteral'],
    ['https://127.1/', 'addressLiteral'],
    ['https://127.0.0.1./', 'addressLiteral'],
    ['https://127.0.0.2/', 'addressLiteral'],
    ['https://[::ffff:127.0.0.1]/', 'addressLiteral'],
    ['https://[::ffff:7f00:1]/', 'addressLiteral'],
    ['https://[fe80::1]/', 'addressLiteral'],
    ['https://[2606:4700::1111]/', 'addressLiteral'],
    ['https://8.8.8.8/', 'addressLiteral'],
    ['https://１２７.０.０.２/', 'addressLiteral'],
    ['https://evil.test/jwks', 'hostNotAllowed'],
    ['https://idp.test.evil.test/jwks', 'hostNotAllowed'],
    ['https://idp.test:8443/jwks', 'hostNotAllowed'],
    ['https://idp.test./jwks', 'hostNotAllowed'],
    ['https://idp.test@evil.test/jwks', 'addressWithCredentials'],
    ['https://user:pw@idp.test/jwks', 'addressWithCredentials'],
    ['nonsense', 'addressMalformed'],
  ])('A025 R26: %s', async (address, detail) => {
    const spies = withoutRequests();
    const fetch = guardedFetch({ allowLoopback: false, allowedHosts: ['idp.test'] });
    await expect(fetch(address, get)).rejects.toMatchObject(refused(detail));
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });

  test.each(['http://127.0.0.1/', 'http://localhost/', 'http://[::1]/'])(
    'A025 R26: %s outside of a loopback deployment, even when listed',
    async (address) => {
      const allowedHosts = ['127.0.0.1', 'localhost', '[::1]'];
      const fetch = guardedFetch({ allowLoopback: false, allowedHosts });
      await expect(fetch(address, get)).rejects.toMatchObject(refused('notHttps'));
      const secure = address.replace('http:', 'https:');
      const resolve = async () => addresses('127.0.0.1');
      const closed = guardedFetch({ allowLoopback: false, allowedHosts, resolve });
      await expect(closed(secure, get)).rejects.toMatchObject({ code: 'homeUnavailable' });
    },
  );
});

describe('R26 A025: what the name resolves to', () => {
  test.each([
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '127.0.0.1',
    '127.9.9.9',
    '169.254.169.254',
    '168.63.129.16',
    '100.64.0.1',
    '0.0.0.0',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '::7f00:1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001:0:4136:e378::1',
    '2001:db8::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'not an address',
    '',
  ])('A025 R26: a name that resolves to %s', async (address) => {
    const resolve = async () => addresses(address);
    const fetch = guardedFetch({ allowLoopback: true, allowedHosts: ['idp.test'], resolve });
    await expect(fetch('https://idp.test/jwks', get)).rejects.toMatchObject(
      refused('addressRefused'),
    );
  });

  test('A025 R26: one bad address among good ones refuses the whole answer', async () => {
    for (const list of [addresses('93.184.216.34', '10.0.0.1'), []]) {
      const fetch = guardedFetch({
        allowLoopback: true,
        allowedHosts: ['idp.test'],
        resolve: async () => list,
      });
      await expect(fetch('https://idp.test/', get)).rejects.toMatchObject(
        refused('addressRefused'),
      );
    }
  });

  test('A025 R26: a name that means this machine reaches nothing but this machine', async () => {
    const resolve = async () => addresses('10.0.0.1');
    const fetch = guardedFetch({ allowLoopback: true, allowedHosts: ['localhost'], resolve });
    await expect(fetch('http://localhost/', get)).rejects.toMatchObject(refused('addressRefused'));
  });

  test('A025 R26: a name that does not resolve is an outage, not a crash', async () => {
    const resolve = async () => Promise.reject(new Error('ENOTFOUND'));
    const fetch = guardedFetch({ allowLoopback: true, allowedHosts: ['idp.test'], resolve });
    await expect(fetch('https://idp.test/', get)).rejects.toMatchObject(refused('nameUnresolved'));
  });

  test('A025 R26: the answer changes between check and use: it is asked once, and that is used', async () => {
    await using idp = await startFakeIdp();
    const answers = [addresses('127.0.0.1'), addresses('10.0.0.1')];
    const resolve = vi.fn(async () => answers.shift() ?? []);
    const host = idp.host.replace('127.0.0.1', 'localhost');
    const fetch = guardedFetch({ allowLoopback: true, allowedHosts: [host], resolve });
    expect((await fetch(`http://${host}/jwks`, get)).status).toBe(200);
    expect(resolve).toHaveBeenCalledTimes(1);
    await expect(fetch(`http://${host}/jwks`, get)).rejects.toMatchObject(
      refused('addressRefused'),
    );
    expect(idp.hits('jwks')).toBe(1);
  });

  test('A025 R26: the socket gets the very addresses that were checked', () => {
    const looked = (lookup: LookupFunction, all: boolean) =>
      new Promise((resolve) => {
        lookup('idp.test', { all }, (...given) => resolve(given));
      });
    const lookup = guardedLookup('public', async () => addresses('93.184.216.34', '2606:4700::1'));
    return Promise.all([
      expect(looked(lookup, true)).resolves.toEqual([
        null,
        addresses('93.184.216.34', '2606:4700::1'),
      ]),
      expect(looked(lookup, false)).resolves.toEqual([null, '93.184.216.34', 4]),
    ]);
  });
});
