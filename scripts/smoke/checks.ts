import { calculateJwkThumbprint, type JWK } from 'jose';
import { type Answer, noAnswer, type Outside } from './outside.ts';

/** One thing that must be so; what is not is said in a sentence each. */
type Check = {
  readonly name: string;
  readonly faults: (gateway: Outside) => Promise<readonly string[]>;
};

const stranger = 'https://attacker.example';
const must = (holds: boolean, otherwise: string): readonly string[] => (holds ? [] : [otherwise]);

const discovery = '/.well-known/openid-configuration';
const endpoints = [
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'userinfo_endpoint',
  'end_session_endpoint',
];

/** @see OpenID Connect Discovery §4.3, RFC 8414 §3.3 */
const metadata: Check = {
  name: 'discovery',
  async faults({ issuer, get }) {
    const { status, json } = await get(discovery);
    if (status !== 200 || !json) return [`${discovery} answers ${status}, without metadata`];
    return [
      ...must(
        json['issuer'] === issuer,
        `the issuer is ${JSON.stringify(json['issuer'])}, not ${issuer}`,
      ),
      ...endpoints
        .filter((name) => !textOf(json, name).startsWith(`${issuer}/`))
        .map((name) => `${name} is ${JSON.stringify(json[name])}, not below the issuer`),
      ...must(listOf(json, 'response_types_supported').join() === 'code', 'not only the code flow'),
      ...must(
        listOf(json, 'code_challenge_methods_supported').join() === 'S256',
        'PKCE is not S256 alone',
      ),
      ...must(
        !listOf(json, 'id_token_signing_alg_values_supported').some((alg) =>
          /^(none|HS)/i.test(alg),
        ),
        'ID tokens may go unsigned or under a shared secret',
      ),
    ];
  },
};

const textOf = (json: Readonly<Record<string, unknown>>, name: string): string => {
  const value = json[name];
  return typeof value === 'string' ? value : '';
};

const listOf = (json: Readonly<Record<string, unknown>>, name: string): readonly string[] =>
  Array.isArray(json[name]) ? json[name].map(String) : [];

/** @see RFC 7517 §4, RFC 7638 */
const keys: Check = {
  name: 'keys',
  async faults({ get }) {
    const { status, json } = await get('/jwks');
    const all = json && Array.isArray(json['keys']) ? (json['keys'] as JWK[]) : [];
    if (status !== 200 || all.length === 0) return [`/jwks answers ${status}, without a key`];
    const faults = await Promise.all(all.map(keyFaults));
    const ids = all.map(({ kid }) => kid);
    return [...faults.flat(), ...must(new Set(ids).size === ids.length, 'two keys have one kid')];
  },
};

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'] as const;
const leastRsaDigits = Math.ceil((2048 / 8 / 3) * 4);

async function keyFaults(key: JWK): Promise<readonly string[]> {
  const name = `key ${key.kid ?? 'without kid'}`;
  return [
    ...must(!privateMembers.some((member) => member in key), `${name}: a private part is public`),
    ...must(key.use === 'sig', `${name}: its use is ${key.use ?? 'missing'}, not sig`),
    ...must(key.kty === 'RSA' || key.kty === 'EC', `${name}: no RSA or EC key`),
    ...must(
      key.kty !== 'RSA' || (key.n ?? '').length >= leastRsaDigits,
      `${name}: less than 2048 bits`,
    ),
    ...must(
      key.kid === (await calculateJwkThumbprint(key).catch(() => undefined)),
      `${name}: kid is not its thumbprint`,
    ),
  ];
}

const required: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'.*base-uri 'none'/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^(no-referrer|same-origin)$/,
  'strict-transport-security': /max-age=\d{8,}/,
  'cache-control': /no-store/,
  'cross-origin-opener-policy': /^same-origin$/,
};

/** What is kept in caches on purpose. */
const cacheable = [discovery, '/jwks'];

const headers: Check = {
  name: 'headers',
  async faults({ get }) {
    const paths = ['/authorize', '/signin', '/logout', '/token', '/no-such-page', ...cacheable];
    const answers = await Promise.all(paths.map(async (path) => [path, await get(path)] as const));
    return answers.flatMap(([path, answer]) =>
      Object.entries(required).flatMap(([name, wanted]) => {
        const value = answer.headers.get(name);
        if (name === 'cache-control' && cacheable.includes(path)) return [];
        return must(wanted.test(value ?? ''), `${path}: ${name} is ${value ?? 'missing'}`);
      }),
    );
  },
};

/** @see RFC 9700 §4.1, §4.11 */
const redirects: Check = {
  name: 'redirects',
  async faults({ get }) {
    const asked = new URLSearchParams({
      client_id: '00000000-0000-4000-8000-000000000000',
      redirect_uri: `${stranger}/callback`,
      response_type: 'code',
      scope: 'openid',
    });
    const away = new URLSearchParams({ post_logout_redirect_uri: stranger, state: 'x' });
    const paths = [
      `/authorize?${asked.toString()}`,
      `/logout?${away.toString()}`,
      `/signin?next=${stranger}`,
    ];
    const answers = await Promise.all(paths.map(async (path) => [path, await get(path)] as const));
    return answers.flatMap(([path, answer]) => leadsAway(path, answer));
  },
};

function leadsAway(path: string, { status, headers: told, text }: Answer): readonly string[] {
  const route = path.split('?')[0];
  const location = told.get('location') ?? '';
  return [
    ...must(!location.startsWith(stranger), `${route ?? ''} redirects (${status}) to a stranger`),
    ...must(
      !new RegExp(`(href|action|url)=["']?${stranger}`, 'i').test(text),
      `${route ?? ''} links to a stranger`,
    ),
  ];
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** @see RFC 6749 §5.2 */
const tokens: Check = {
  name: 'token endpoint',
  async faults({ get }) {
    const body = 'grant_type=authorization_code&code=x&redirect_uri=x&client_id=x';
    const answer = await get('/token', { method: 'POST', headers: form, body });
    return [
      ...must([400, 401].includes(answer.status), `a false code is answered ${answer.status}`),
      ...must(typeof answer.json?.['error'] === 'string', 'a refusal is no OAuth error'),
      ...must(
        !['access_token', 'id_token', 'refresh_token'].some((name) => name in (answer.json ?? {})),
        'a false code is worth a token',
      ),
      ...must(
        (answer.headers.get('cache-control') ?? '').includes('no-store'),
        'answers may be kept in caches',
      ),
    ];
  },
};

const crossSite: Check = {
  name: 'other sites',
  async faults({ get }) {
    const origin = { origin: stranger, 'sec-fetch-site': 'cross-site' };
    const page = await get('/authorize', { headers: origin });
    const admin = await get('/v1.0/auditLogs/signIns', { headers: origin });
    const posted = await get('/signin', {
      method: 'POST',
      headers: { ...form, ...origin },
      body: 'mail=a%40b.example',
    });
    const opens = ({ headers: told }: Answer) => told.get('access-control-allow-origin') !== null;
    return [
      ...must(!opens(page) && !opens(admin), 'scripts of other sites may read answers (CORS)'),
      ...must(posted.status >= 400, `another site's form is answered ${posted.status}`),
    ];
  },
};

const administration: Check = {
  name: 'administration',
  async faults({ get }) {
    const paths = ['/manage/config', '/v1.0/auditLogs/signIns', '/v1.0/auditLogs/directoryAudits'];
    const answers = await Promise.all(
      paths.flatMap((path) => [
        get(path).then((answer) => [path, answer] as const),
        // the platform's own headers, which anybody can send
        get(path, { headers: { 'x-ms-client-principal': 'e30=' } }).then(
          (answer) => [path, answer] as const,
        ),
      ]),
    );
    return answers.flatMap(([path, { status }]) =>
      must(status === 401, `${path} answers ${status} without a token`),
    );
  },
};

const errors: Check = {
  name: 'errors',
  async faults({ get }) {
    const paths = [
      '/no-such-page',
      '/authorize?client_id=%00&client_id=1',
      '/callback/nobody?state=x',
    ];
    const answers = await Promise.all(paths.map(async (path) => [path, await get(path)] as const));
    return answers.flatMap(([path, { status, text }]) => [
      ...must(status < 500, `${path} answers ${status}`),
      ...must(
        !/\bat .+\.(js|cjs|ts):\d+|node_modules|AccountKey=/.test(text),
        `${path} shows what goes on inside`,
      ),
    ]);
  },
};

const mostSkewMs = 60_000;

const clock: Check = {
  name: 'clock',
  async faults({ get }) {
    const { aheadMs } = await get(discovery);
    if (aheadMs === undefined) return ['answers carry no date'];
    const seconds = Math.round(aheadMs / 1000);
    return must(Math.abs(aheadMs) <= mostSkewMs, `${seconds} s ahead of this machine's clock`);
  },
};

const ready: Check = {
  name: 'ready',
  async faults({ get }) {
    const { status, json } = await get('/health');
    return must(
      status === 200 && json?.['status'] === 'ready',
      `/health answers ${status} ${textOf(json ?? {}, 'status')}`.trim(),
    );
  },
};

const transport: Check = {
  name: 'https',
  async faults({ issuer, getPlain }) {
    const { protocol, hostname } = new URL(issuer);
    if (['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return [];
    if (protocol !== 'https:') return ['the issuer is not https'];
    const answer = await getPlain(discovery);
    return must(
      !answer || (answer.headers.get('location') ?? '').startsWith('https://'),
      'plain http is answered, and not by a redirect to https',
    );
  },
};

const checks: readonly Check[] = [
  transport,
  metadata,
  keys,
  headers,
  redirects,
  tokens,
  crossSite,
  administration,
  errors,
  clock,
  ready,
];

export type Found = { readonly check: string; readonly faults: readonly string[] };

/** Every check; one that cannot be carried out is a fault of its own. */
export async function smoke(gateway: Outside): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const { name, faults } of checks) {
    const own = await faults(gateway).catch((thrown: unknown) => [noAnswer(thrown)]);
    found.push({ check: name, faults: own });
  }
  return found;
}
