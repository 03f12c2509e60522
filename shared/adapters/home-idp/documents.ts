import {
  type AuthorizationServer,
  allowInsecureRequests,
  customFetch,
  discoveryRequest,
} from 'oauth4webapi';
import { type HomeKey, readKeySet } from '../../checks/home-keys.ts';
import { Fault } from '../../core/errors.ts';
import type { JournalEvent } from '../../core/journal-events.ts';
import { plainName } from '../../core/journal-text.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { isLoopbackHost } from '../../core/loopback.ts';
import type { Fetched } from './cache.ts';
import type { GuardedFetch } from './guarded-fetch.ts';

export type Alarm = (event: HomeEvent, detail: JsonObject) => void;
type HomeEvent = Extract<JournalEvent, `home${string}`>;

/** What is used of a provider's metadata; the rest of the document is dropped. */
export type HomeMetadata = AuthorizationServer & {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
};

export type HomeSource = {
  readonly issuer: string;
  /** `URL.host` values its documents and endpoints may lie on, the issuer's own among them. */
  readonly hosts: readonly string[];
  readonly fetch: GuardedFetch;
  readonly alarm: Alarm;
};

/**
 * The provider's metadata. Refused, with an alarm, when its `issuer` differs in one byte from the
 * configured one or an endpoint lies where this partner has nothing to say.
 *
 * @see OpenID Connect Discovery 1.0 §4.3
 */
export async function fetchMetadata(source: HomeSource): Promise<Fetched<HomeMetadata>> {
  const issuerUrl = URL.parse(source.issuer);
  if (!issuerUrl) return { kind: 'refused', detail: 'issuerMalformed' };
  const response = await discoveryRequest(issuerUrl, {
    [customFetch]: source.fetch,
    // Whether http is allowed is decided in one place, the guarded fetch.
    [allowInsecureRequests]: true,
  });
  const document = await jsonOf(response);
  if (!isJsonObject(document)) throw new Fault('homeUnavailable', { detail: 'notMetadata' });

  if (document['issuer'] !== source.issuer) {
    const found = plainName(document['issuer']);
    source.alarm('homeIssuerMismatch', { issuer: source.issuer, found });
    return { kind: 'refused', detail: 'issuerMismatch' };
  }
  const [authorization, token, jwks] = [
    document['authorization_endpoint'],
    document['token_endpoint'],
    document['jwks_uri'],
  ];
  if (
    !isEndpoint(authorization, issuerUrl, source.hosts) ||
    !isEndpoint(token, issuerUrl, source.hosts) ||
    !isEndpoint(jwks, issuerUrl, source.hosts)
  ) {
    source.alarm('homeEndpointRefused', { issuer: source.issuer });
    return { kind: 'refused', detail: 'endpointRefused' };
  }
  return {
    kind: 'value',
    value: {
      issuer: source.issuer,
      authorization_endpoint: authorization,
      token_endpoint: token,
      jwks_uri: jwks,
      authorization_response_iss_parameter_supported:
        document['authorization_response_iss_parameter_supported'] === true,
      token_endpoint_auth_methods_supported: texts(
        document['token_endpoint_auth_methods_supported'],
      ),
    },
  };
}

/**
 * The provider's verification keys. A document that is none, or holds too many keys, is an error:
 * what was kept before stays. Symmetric, private and doubly named keys are left out with an alarm.
 */
export async function fetchKeys(
  source: HomeSource,
  metadata: HomeMetadata,
): Promise<Fetched<readonly HomeKey[]>> {
  const response = await source.fetch(metadata.jwks_uri, {
    method: 'GET',
    headers: { accept: 'application/jwk-set+json, application/json' },
  });
  const reading = readKeySet(await jsonOf(response));
  if (reading.kind === 'unreadable') {
    source.alarm('homeKeySetRefused', { issuer: source.issuer, check: reading.check });
    throw new Fault('homeUnavailable', { detail: reading.check });
  }
  for (const { reason, kid } of reading.refused) {
    source.alarm('homeKeyRefused', { issuer: source.issuer, reason, kid: plainName(kid) });
  }
  return { kind: 'value', value: reading.keys };
}

/** https wherever the issuer is https, on a host of this partner, without user info or fragment. */
function isEndpoint(value: unknown, issuer: URL, hosts: readonly string[]): value is string {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (!url || url.username || url.password || url.hash || !hosts.includes(url.host)) return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && issuer.protocol === 'http:' && isLoopbackHost(url.hostname);
}

async function jsonOf(response: Response): Promise<unknown> {
  if (response.status !== 200) {
    throw new Fault('homeUnavailable', { detail: `status${response.status}` });
  }
  try {
    return await response.json();
  } catch (cause) {
    throw new Fault('homeUnavailable', { detail: 'notJson', cause });
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
