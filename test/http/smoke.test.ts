import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smoke } from '../../scripts/smoke/checks.ts';
import { lookAt } from '../../scripts/smoke/outside.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

/** Where nobody listens by now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

let world: HttpWorld;
beforeAll(async () => {
  world = await startHttpWorld();
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

/** An answer as the gateway gives it, changed on its way. */
type Plant = {
  readonly on: (url: URL, init: RequestInit) => boolean;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: (text: string) => string;
};

const planted =
  ({ on, status, headers = {}, body = (text) => text }: Plant): typeof fetch =>
  async (input, init = {}) => {
    const response = await fetch(input, init);
    if (!on(new URL(input as string), init)) return response;
    const changed = new Headers(response.headers);
    changed.delete('content-length');
    for (const [name, value] of Object.entries(headers))
      if (value === null) changed.delete(name);
      else changed.set(name, value);
    const text = body(await response.text());
    return new Response(text, { status: status ?? response.status, headers: changed });
  };

const at =
  (path: string, method = 'GET') =>
  (url: URL, init: RequestInit) =>
    url.pathname === path && (init.method ?? 'GET') === method;
const discovery = '/.well-known/openid-configuration';

const plants: readonly (readonly [fault: string, check: string, said: RegExp, plant: Plant])[] = [
  [
    'another issuer in the metadata',
    'discovery',
    /issuer is "https:\/\/other\.example/,
    { on: at(discovery), body: (text) => text.replaceAll(world.issuer, 'https://other.example') },
  ],
  [
    'the implicit flow',
    'discovery',
    /code flow/,
    { on: at(discovery), body: (text) => text.replace('["code"]', '["code","id_token"]') },
  ],
  [
    'unsigned ID tokens',
    'discovery',
    /unsigned/,
    { on: at(discovery), body: (text) => text.replace('"RS256"', '"none"') },
  ],
  [
    'a private key in the key set',
    'keys',
    /private part/,
    { on: at('/jwks'), body: (text) => text.replace('"use":"sig"', '"use":"sig","d":"AAAA"') },
  ],
  [
    'a key under another name',
    'keys',
    /thumbprint/,
    { on: at('/jwks'), body: (text) => text.replace(/"kid":"[^"]+"/, '"kid":"key-1"') },
  ],
  [
    'a page without a content security policy',
    'headers',
    /\/authorize: content-security-policy is missing/,
    { on: at('/authorize'), headers: { 'content-security-policy': null } },
  ],
  [
    'a page that may be kept in caches',
    'headers',
    /\/signin: cache-control is public/,
    { on: at('/signin'), headers: { 'cache-control': 'public, max-age=60' } },
  ],
  [
    'a redirect to an address that nobody registered',
    'redirects',
    /authorize redirects \(302\) to a stranger/,
    {
      on: (url) => url.searchParams.has('redirect_uri'),
      status: 302,
      headers: { location: 'https://attacker.example/callback?error=x' },
    },
  ],
  [
    'a link to wherever a log-out should lead',
    'redirects',
    /logout links to a stranger/,
    {
      on: at('/logout'),
      body: (text) =>
        text.replace('</main>', '<a href="https://attacker.example">Go on</a></main>'),
    },
  ],
  [
    'a token for a false code',
    'token endpoint',
    /worth a token/,
    { on: at('/token', 'POST'), status: 200, body: () => '{"error":"x","access_token":"t"}' },
  ],
  [
    'a refusal of the token endpoint that may be kept in caches',
    'token endpoint',
    /kept in caches/,
    { on: at('/token', 'POST'), headers: { 'cache-control': 'max-age=60' } },
  ],
  [
    'an admin API that scripts of any site may read',
    'other sites',
    /CORS/,
    { on: at('/v1.0/auditLogs/signIns'), headers: { 'access-control-allow-origin': '*' } },
  ],
  [
    'a form that another site may send',
    'other sites',
    /form is answered 200/,
    { on: at('/signin', 'POST'), status: 200 },
  ],
  [
    'an admin API without a token',
    'administration',
    /manage\/config answers 200 without a token/,
    { on: at('/manage/config'), status: 200 },
  ],
  [
    'an error that shows a stack',
    'errors',
    /no-such-page shows what goes on inside/,
    { on: at('/no-such-page'), body: () => 'Error: x\n    at load (/app/main.cjs:1:1)' },
  ],
  [
    'a clock two minutes ahead',
    'clock',
    /1(19|20) s ahead/,
    {
      on: at(discovery),
      get headers() {
        return { date: new Date(Date.now() + 120_000).toUTCString() };
      },
    },
  ],
  ['a gateway that is not ready', 'ready', /503/, { on: at('/health'), status: 503 }],
];

const deployed = 'https://signin.example.org';
const plainHttp = 'plain http is answered, and not by a redirect to https';

/** The gateway as if it were deployed; without https it is not there, leads on or answers. */
const deployedAs =
  (location: string | undefined): typeof fetch =>
  async (input, init) => {
    const { protocol, pathname, search } = new URL(input as string);
    if (protocol === 'http:' && location === undefined) throw new TypeError('fetch failed');
    if (protocol === 'http:' && location)
      return new Response(null, { status: 301, headers: { location } });
    const response = await fetch(`${world.issuer}${pathname}${search}`, init);
    const text = (await response.text()).replaceAll(world.issuer, deployed);
    const { status, headers } = response;
    return new Response(text, { status, headers });
  };

describe('smoke', () => {
  it('finds nothing wrong with the gateway', async () => {
    for (const { check, faults } of await smoke(lookAt(world.issuer)))
      expect(faults, check).toEqual([]);
  });

  it.each(plants)('finds %s', async (_, check, said, plant) => {
    const found = await smoke(lookAt(world.issuer, planted(plant)));
    const faulty = found.filter(({ faults }) => faults.length > 0);
    expect(faulty.map((each) => each.check)).toEqual([check]);
    expect(faulty[0]?.faults.join('\n')).toMatch(said);
  });

  it.each([
    ['nobody answers', undefined, []],
    ['it leads to https', `${deployed}${discovery}`, []],
    ['it leads to plain http', `http://signin.example.org${discovery}`, [plainHttp]],
    ['it is answered', '', [plainHttp]],
  ])('looks for plain http beside https: %s', async (_, location, faults) => {
    const found = await smoke(lookAt(deployed, deployedAs(location)));
    expect(found.filter((each) => each.faults.length > 0)).toEqual(
      faults.length === 0 ? [] : [{ check: 'https', faults }],
    );
  });

  it('finds an issuer without https', async () => {
    const found = await smoke(lookAt('http://signin.example.org', deployedAs('')));
    expect(found[0]).toEqual({ check: 'https', faults: ['the issuer is not https'] });
  });

  it.each([
    ['nobody listens', async () => `http://127.0.0.1:${await freePort()}`, 'ECONNREFUSED'],
    [
      'there is no such name',
      async () => 'http://nobody.invalid',
      /^no answer: (ENOTFOUND|EAI_AGAIN)$/,
    ],
    ['no browser would go there', async () => 'http://127.0.0.1:9', 'bad port'],
  ])('finds a gateway that does not answer, and says why: %s', async (_, issuer, why) => {
    const found = await smoke(lookAt(await issuer()));
    const ready = found.find(({ check }) => check === 'ready');
    const said = typeof why === 'string' ? [`no answer: ${why}`] : [expect.stringMatching(why)];
    expect(ready?.faults).toEqual(said);
  });

  it('exits 0, 1 and 2', async () => {
    const run = async (...args: string[]) => {
      const command = [process.execPath, ['scripts/smoke.ts', ...args]] as const;
      return promisify(execFile)(...command).then(
        ({ stdout }) => ({ code: 0, text: stdout }),
        (error: { code: number; stdout: string; stderr: string }) => ({
          code: error.code,
          text: error.stdout + error.stderr,
        }),
      );
    };
    const fine = await run(world.issuer);
    expect(fine).toMatchObject({ code: 0, text: expect.stringContaining('11 checks, 0 faults') });
    expect(await run('http://127.0.0.1:9', '--json')).toMatchObject({
      code: 1,
      text: expect.stringContaining('no answer'),
    });
    for (const [args, said] of [
      [[], 'one issuer'],
      [['signin.example.org'], 'signin.example.org is no origin'],
      [[`${world.issuer}/path`], '/path is no origin'],
      [[world.issuer, world.issuer], 'one issuer'],
      [['--wrong'], "'--wrong'"],
    ] as const) {
      const { code, text } = await run(...args);
      expect([args, code, text]).toEqual([args, 2, expect.stringContaining(said)]);
      expect(text).toContain('npm run smoke');
    }
  }, 60_000);
});
