import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HomeIdpOptions, openHomeIdp } from '../../shared/adapters/home-idp/home-idp.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import type { HomeAnswer, HomeIdp, HomePartner, HomeResult } from '../../shared/ports.ts';

/** The moment all tokens here are made for, unless a test says otherwise. */
export const noon = new Date('2026-11-21T12:00:00Z');
export const noonSeconds = noon.getTime() / 1000;
export const later = (ms: number): Date => new Date(noon.getTime() + ms);

export const transaction = {
  redirectUri: 'https://gateway.test/callback/contoso',
  state: 'state-state-state-state-state',
  nonce: 'nonce-nonce-nonce-nonce-nonce',
  codeVerifier: 'verifier-verifier-verifier-verifier-verifier-verifier',
} as const;

export type FakeKey = {
  readonly alg: 'RS256' | 'ES256';
  readonly kid: string | undefined;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
};

export function makeKey(alg: 'RS256' | 'ES256', kid?: string): FakeKey {
  const pair =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { alg, kid, ...pair };
}

export function publicJwk(key: FakeKey): Record<string, unknown> {
  const kid = key.kid === undefined ? {} : { kid: key.kid };
  return { ...key.publicKey.export({ format: 'jwk' }), ...kid, alg: key.alg, use: 'sig' };
}

/** One of each for the whole file: making an RSA key takes longer than most tests. */
export const rsaKey = makeKey('RS256', 'rsa-1');
export const ecKey = makeKey('ES256', 'ec-1');
export const attackerKey = makeKey('RS256', 'rsa-1');

type Handler = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

export type FakeIdp = AsyncDisposable & {
  readonly issuer: string;
  readonly host: string;
  readonly partner: HomePartner;
  /** Served as they are at the moment of the request: a test changes what it likes. */
  metadata: Record<string, unknown>;
  jwks: unknown;
  idToken: string;
  /** Set: answers instead of the usual one. */
  readonly instead: { discovery?: Handler; jwks?: Handler; token?: Handler };
  readonly tokenRequests: {
    readonly authorization: string | undefined;
    readonly form: URLSearchParams;
  }[];
  hits(path: keyof FakeIdp['instead']): number;
};

/** A provider on 127.0.0.1 that does whatever the test wants, honest until told otherwise. */
export async function startFakeIdp(): Promise<FakeIdp> {
  const counts = { discovery: 0, jwks: 0, token: 0 };
  const server = createServer((incoming, outgoing) => {
    const part = partOf(incoming.url ?? '');
    if (!part) {
      outgoing.writeHead(404).end();
      return;
    }
    counts[part] += 1;
    (idp.instead[part] ?? usual[part])(incoming, outgoing);
  });
  const usual: Record<'discovery' | 'jwks' | 'token', Handler> = {
    discovery: (_, outgoing) => json(outgoing, idp.metadata),
    jwks: (_, outgoing) => json(outgoing, idp.jwks),
    token: (incoming, outgoing) => {
      void readAll(incoming).then((body) => {
        const { authorization } = incoming.headers;
        idp.tokenRequests.push({ authorization, form: new URLSearchParams(body) });
        json(outgoing, { access_token: 'at', token_type: 'Bearer', id_token: idp.idToken });
      });
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = `http://${host}`;
  const idp: FakeIdp = {
    issuer,
    host,
    partner: {
      id: 'contoso',
      issuer,
      clientId: 'vestibule-client',
      clientSecret: 'a secret: with+odd/characters',
      algorithms: ['RS256', 'ES256'],
      hosts: [],
    },
    metadata: {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      authorization_response_iss_parameter_supported: true,
    },
    jwks: { keys: [publicJwk(rsaKey), publicJwk(ecKey)] },
    idToken: '',
    instead: {},
    tokenRequests: [],
    hits: (part) => counts[part],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  idp.idToken = idTokenOf(idp);
  return idp;
}

function partOf(url: string): 'discovery' | 'jwks' | 'token' | undefined {
  if (url.endsWith('/.well-known/openid-configuration')) return 'discovery';
  if (url.startsWith('/jwks')) return 'jwks';
  return url.startsWith('/token') ? 'token' : undefined;
}

export function json(outgoing: ServerResponse, body: unknown, status = 200): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

// ── tokens ───────────────────────────────────────────────────────────────────────────────────

export type TokenChanges = {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly key?: FakeKey;
  /** Text instead of claims: for JSON that no object serialises to. */
  readonly payload?: string;
};

/** An honest ID token for `transaction`, with the changes; `undefined` removes a claim. */
export function idTokenOf(
  idp: Pick<FakeIdp, 'issuer' | 'partner'>,
  changes: TokenChanges = {},
): string {
  const claims = {
    iss: idp.issuer,
    sub: 'subject-1',
    aud: idp.partner.clientId,
    nonce: transaction.nonce,
    iat: noonSeconds - 2,
    exp: noonSeconds + 300,
    ...changes.claims,
  };
  return signedToken({ ...changes, payload: changes.payload ?? JSON.stringify(claims) });
}

export function signedToken({
  header,
  key = rsaKey,
  payload,
}: TokenChanges & { readonly payload: string }): string {
  const input = unsigned({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header }, payload);
  const signature = sign('sha256', Buffer.from(input), {
    key: key.privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${input}.${signature.toString('base64url')}`;
}

/** HS256 with a secret anyone knows: the provider's public key. */
export function macToken(header: Record<string, unknown>, payload: string, secret: string): string {
  const input = unsigned(header, payload);
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

export function unsigned(header: Record<string, unknown>, payload: string): string {
  return [JSON.stringify(header), payload]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
}

// ── our side ─────────────────────────────────────────────────────────────────────────────────

export type WatchedHome = HomeIdp & {
  readonly alarms: { readonly event: string; readonly detail: JsonObject }[];
};

export function openWatchedHome(options: Partial<HomeIdpOptions> = {}): WatchedHome {
  const alarms: WatchedHome['alarms'] = [];
  const onAlarm = (event: string, detail: JsonObject) => {
    alarms.push({ event, detail });
  };
  return { ...openHomeIdp({ allowLoopback: true, onAlarm, ...options }), alarms };
}

/** The callback's query of an honest provider; `undefined` leaves a parameter out. */
export function answerOf(
  idp: Pick<FakeIdp, 'issuer'>,
  changes: Record<string, string | undefined> = {},
): HomeAnswer {
  const parameters = new URLSearchParams();
  const values = { code: 'code-1', state: transaction.state, iss: idp.issuer, ...changes };
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) parameters.set(name, value);
  }
  return { parameters, ...transaction };
}

/** The whole way for one token: the provider hands it out, we look at it. */
export async function redeemed(
  idp: FakeIdp,
  token: string | TokenChanges = {},
  { home = openWatchedHome(), now = noon, partner = idp.partner } = {},
): Promise<HomeResult> {
  idp.idToken = typeof token === 'string' ? token : idTokenOf(idp, token);
  return home.redeem(partner, answerOf(idp), now);
}
