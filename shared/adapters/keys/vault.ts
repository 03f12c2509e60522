import { CryptographyClient, KeyClient, type KeyClientOptions } from '@azure/keyvault-keys';
import { Fault } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { isLoopbackHost } from '../../core/loopback.ts';
import { secondsMs } from '../../core/time.ts';
import type { SigningAlgorithm } from '../../ports.ts';
import type { TokenSource } from '../managed-identity.ts';
import { type VaultPace, VaultRefused } from './vault-pace.ts';

export type VaultKey = {
  readonly version: string;
  /** From then on the vault makes nothing new with it. */
  readonly endsAt: Date | undefined;
  /** `kty` and the numbers alone. */
  readonly publicJwk: JsonObject;
};

/** Keys of a vault by name and version: what the key adapters ask of it. */
export interface Vault {
  /** The version that makes new values; none: the newest is disabled or its time has not come. */
  newest(name: string): Promise<VaultKey | undefined>;
  version(name: string, version: string): Promise<VaultKey | 'unknown' | 'disabled'>;
  /** `digest`: SHA-256. The signature as JWS has it: PKCS#1 v1.5, or `r` and `s` side by side. */
  sign(
    key: { readonly name: string; readonly version: string },
    alg: SigningAlgorithm,
    digest: Uint8Array,
  ): Promise<Uint8Array>;
  wrap(name: string, version: string, secret: Uint8Array): Promise<Uint8Array>;
  /** `refused`: not wrapped by this key. Throws where there is no such version: it may come back. */
  unwrap(name: string, version: string, wrapped: Uint8Array): Promise<Uint8Array | 'refused'>;
}

export type VaultOptions = {
  readonly url: string;
  readonly credential: TokenSource;
  readonly pace: VaultPace;
};

const wrapping = 'RSA-OAEP-256';

/**
 * Azure Key Vault. Throws `Fault('keyUnavailable')` for whatever is no answer to the question; the SDK's own
 * errors carry the request and its token, so none leaves here.
 *
 * @see Azure docs: "Azure Key Vault Keys client library for JavaScript", "Azure Key Vault throttling guidance"
 */
export function openVault({ url, credential, pace }: VaultOptions): Vault {
  const isStandIn = isLoopbackHost(new URL(url).hostname);
  const options: KeyClientOptions = {
    // one place retries, and it hears what the vault says
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    // a stand-in on this machine has no certificate and is below no domain of Azure
    allowInsecureConnection: isStandIn,
    disableChallengeResourceVerification: isStandIn,
  };
  const keys = new KeyClient(url, credential, options);
  const clients = new Map<string, CryptographyClient>();

  function clientOf(name: string, version: string): CryptographyClient {
    const id = `${url}/keys/${name}/${version}`;
    // given as a key without dates: of an id the SDK reads the dates first, and then refuses by itself to
    // open with a version that has ended, which the vault does
    const key = { id, name, properties: { vaultUrl: url, name, version } };
    const client = clients.get(id) ?? new CryptographyClient(key, credential, { ...options });
    clients.set(id, client);
    return client;
  }

  return {
    async newest(name) {
      const found = await pace.call(`get ${name}`, (abortSignal) =>
        answered(() => keys.getKey(name, { abortSignal }), disabledOr404),
      );
      if (found === 'unknown' || found === 'disabled') return undefined;
      const { notBefore, enabled } = found.properties;
      const version = found.properties.version;
      if (version === undefined || enabled === false) return undefined;
      // by the vault's own clock it is refused as long as it is not due
      if (notBefore !== undefined && notBefore.getTime() > Date.now()) return undefined;
      return { version, endsAt: found.properties.expiresOn, publicJwk: jwkOf(found.key) };
    },

    async version(name, version) {
      const found = await pace.call(`get ${name}`, (abortSignal) =>
        answered(() => keys.getKey(name, { version, abortSignal }), disabledOr404),
      );
      if (found === 'unknown' || found === 'disabled') return found;
      // it may be shown all the same
      if (found.properties.enabled === false) return 'disabled';
      return { version, endsAt: found.properties.expiresOn, publicJwk: jwkOf(found.key) };
    },

    async sign({ name, version }, alg, digest) {
      const { result } = await pace.call(`sign ${name}`, (abortSignal) =>
        answered(() => clientOf(name, version).sign(alg, digest, { abortSignal })),
      );
      return result;
    },

    async wrap(name, version, secret) {
      const { result } = await pace.call(`wrap ${name}`, (abortSignal) =>
        answered(() => clientOf(name, version).wrapKey(wrapping, secret, { abortSignal })),
      );
      return result;
    },

    async unwrap(name, version, wrapped) {
      const answer = await pace.call(`unwrap ${name}`, (abortSignal) =>
        answered(
          () => clientOf(name, version).unwrapKey(wrapping, wrapped, { abortSignal }),
          ({ status }) => (status === 400 ? 'refused' : undefined),
        ),
      );
      return answer === 'refused' ? answer : answer.result;
    },
  };
}

type Said = { readonly status: number; readonly inner: string | undefined };

const disabledOr404 = ({ status, inner }: Said): 'unknown' | 'disabled' | undefined => {
  if (status === 404) return 'unknown';
  return status === 403 && inner === 'KeyDisabled' ? 'disabled' : undefined;
};

/** `outcome` names the answers that are outcomes; everything else is a refusal, told by status and code. */
async function answered<T, Outcome extends string = never>(
  send: () => Promise<T>,
  outcome: (said: Said) => Outcome | undefined = () => undefined,
): Promise<T | Outcome> {
  try {
    return await send();
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    const { name, code, statusCode, details, response } = fieldsOf(thrown);
    const status = typeof statusCode === 'number' ? statusCode : undefined;
    const found = status !== undefined && outcome({ status, inner: innerCode(details) });
    if (found) return found;
    throw new VaultRefused({
      status,
      code: wordOf(name === 'AbortError' ? name : (code ?? name)),
      retryAfterMs: retryAfterMs(headerOf(response)),
    });
  }
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

const innerCode = (details: unknown): string | undefined => {
  const { innerError, innererror } = fieldsOf(fieldsOf(details)['error']);
  const { code } = fieldsOf(innerError ?? innererror);
  return typeof code === 'string' ? code : undefined;
};

function headerOf(response: unknown): string | undefined {
  const headers = fieldsOf(response)['headers'] as { get?: (name: string) => unknown } | undefined;
  const value = headers?.get?.('retry-after');
  return typeof value === 'string' ? value : undefined;
}

/** Seconds or a date (RFC 9110 §10.2.3). */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * secondsMs : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** A code, never a text: texts quote what was sent. */
const wordOf = (code: unknown): string =>
  typeof code === 'string' && /^[\w.]{1,64}$/.test(code) ? code : 'unknown';

function jwkOf(key: KeyNumbers = {}): JsonObject {
  const members = ['n', 'e', 'x', 'y'] as const;
  const numbers = members.flatMap((name) => {
    const bytes = key[name];
    return bytes ? [[name, Buffer.from(bytes).toString('base64url')]] : [];
  });
  // an HSM's keys have names of their own and the same numbers
  const kty = key.kty?.replace(/-HSM$/, '') ?? '';
  return { kty, ...(key.crv ? { crv: key.crv } : {}), ...Object.fromEntries(numbers) };
}

type KeyNumbers = {
  readonly kty?: string;
  readonly crv?: string;
  readonly n?: Uint8Array;
  readonly e?: Uint8Array;
  readonly x?: Uint8Array;
  readonly y?: Uint8Array;
};
