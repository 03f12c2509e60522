import { createHash } from 'node:crypto';
import { isAccessToken } from '../../checks/home-access-token.ts';
import { jwsHeader, verifiedPayload } from '../../checks/home-jws.ts';
import { type HomeKey, selectKey } from '../../checks/home-keys.ts';
import { checkHomeToken } from '../../checks/home-token.ts';
import type { JsonObject } from '../../core/json.ts';
import type { HomeAnswer, HomeIdp, HomePartner, HomeResult } from '../../ports.ts';
import { type Kept, keep } from './cache.ts';
import { exchangeCode } from './code.ts';
import {
  type Alarm,
  fetchKeys,
  fetchMetadata,
  type HomeMetadata,
  type HomeSource,
} from './documents.ts';
import { type GuardedFetchOptions, guardedFetch } from './guarded-fetch.ts';
import { authorizationRequestUrl } from './request.ts';

export type HomeIdpOptions = {
  readonly onAlarm: Alarm;
} & Omit<GuardedFetchOptions, 'allowedHosts'>;

type Home = {
  readonly source: HomeSource;
  readonly metadata: Kept<HomeMetadata>;
  readonly keys: Kept<readonly HomeKey[]>;
};

type Verified =
  | { readonly kind: 'verified'; readonly claims: JsonObject; readonly typ: string | undefined }
  | { readonly kind: 'invalid'; readonly check: string };

const minuteMs = 60_000;
const shared = { staleMs: 24 * 60 * minuteMs, retryMs: 30_000, coldRetryMs: 5000 };
const metadataSpans = { ...shared, freshMs: 15 * minuteMs };
const keySpans = { ...shared, freshMs: 5 * minuteMs };

const accessTokenAlgorithms = ['RS', 'PS', 'ES'].flatMap((family) => [
  `${family}256`,
  `${family}384`,
  `${family}512`,
]);

/** Configurations come and go while an instance lives; this many providers it remembers. */
const maxHomes = 1000;

/**
 * The relying party towards partners' OpenID providers. Metadata and keys are kept in memory per
 * issuer: a key counts for the issuer that published it and for no other. Each request to a
 * provider has the guarded fetch's limits of its own.
 */
export function openHomeIdp(options: HomeIdpOptions): HomeIdp {
  const homes = new Map<string, Home>();

  function homeOf(issuer: string, hosts: readonly string[]): Home {
    const name = JSON.stringify([issuer, ...hosts]);
    const known = homes.get(name);
    if (known) return known;
    const home = openHome(issuer, hosts, options);
    const [oldest] = homes.keys();
    if (homes.size >= maxHomes && oldest !== undefined) homes.delete(oldest);
    homes.set(name, home);
    return home;
  }

  return {
    async authorizationUrl(partner, request, now) {
      const home = homeOf(partner.issuer, partner.hosts);
      return authorizationRequestUrl(await home.metadata.current(now), partner, request);
    },

    async redeem(partner, answer, now) {
      const home = homeOf(partner.issuer, partner.hosts);
      const metadata = await home.metadata.current(now);
      const exchanged = await exchangeCode(home.source, metadata, partner, answer);
      if (exchanged.kind !== 'idToken') return exchanged;
      return identityOf(exchanged.token, home, partner, answer, now);
    },

    async verifyAccessToken(trusted, token, now) {
      const home = homeOf(trusted.issuer, []);
      // Keys alone would outlive a provider that has come to call itself something else.
      await home.metadata.current(now);
      const verified = await verify(token, accessTokenAlgorithms, home.keys, now);
      if (verified.kind === 'invalid') return undefined;
      const { claims, typ } = verified;
      return isAccessToken(claims, typ, { ...trusted, now }) ? claims : undefined;
    },
  };
}

function openHome(issuer: string, hosts: readonly string[], options: HomeIdpOptions): Home {
  const ownHost = URL.parse(issuer)?.host;
  const allowedHosts = ownHost === undefined ? [] : [ownHost, ...hosts];
  const source = {
    issuer,
    hosts: allowedHosts,
    fetch: guardedFetch({ ...options, allowedHosts }),
    alarm: options.onAlarm,
  };
  const metadata = keep(() => fetchMetadata(source), metadataSpans);
  const keys = keep(async (now) => fetchKeys(source, await metadata.current(now)), keySpans);
  return { source, metadata, keys };
}

async function identityOf(
  token: string,
  home: Home,
  partner: HomePartner,
  answer: HomeAnswer,
  now: Date,
): Promise<HomeResult> {
  const verified = await verify(token, partner.algorithms, home.keys, now);
  if (verified.kind === 'invalid') return verified;
  // An access or logout token of the same provider is signed with the same key.
  if (verified.typ !== undefined && verified.typ !== 'jwt')
    return { kind: 'invalid', check: 'typ' };
  const { issuer, clientId } = partner;
  const { nonce, maxAgeSeconds } = answer;
  const checked = checkHomeToken(verified.claims, { issuer, clientId, nonce, now, maxAgeSeconds });
  if (checked.kind === 'invalid') return checked;
  const tokenHash = createHash('sha256').update(token).digest('base64url');
  return { kind: 'identity', identity: { issuer, ...checked.claims, tokenHash } };
}

/** Signature only, with a key this issuer publishes; an unknown key is worth one fetch (throttled). */
async function verify(
  token: string,
  algorithms: readonly string[],
  keys: Kept<readonly HomeKey[]>,
  now: Date,
): Promise<Verified> {
  const read = jwsHeader(token, algorithms);
  if (read.kind === 'invalid') return read;
  const { header } = read;
  const key =
    selectKey(await keys.current(now), header) ?? selectKey(await keys.refetched(now), header);
  if (!key) return { kind: 'invalid', check: 'kid' };
  const claims = await verifiedPayload(token, key, header.alg);
  if (!claims) return { kind: 'invalid', check: 'signature' };
  return { kind: 'verified', claims, typ: header.typ };
}
