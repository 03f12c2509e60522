import { createHash } from 'node:crypto';
import { sameText } from '../core/ids.ts';

/** What a client showed of itself at the token endpoint (RFC 6749 §2.3.1). */
export type ClientCredentials =
  | { readonly kind: 'secret'; readonly clientId: string; readonly secret: string }
  | { readonly kind: 'public'; readonly clientId: string };

/** Two ways at once, or a header that cannot be read, is no authentication at all: undefined. */
export function readClientCredentials(
  authorization: string | undefined,
  form: ReadonlyMap<string, string>,
): ClientCredentials | undefined {
  const bodyId = form.get('client_id');
  const bodySecret = form.get('client_secret');
  if (authorization !== undefined) {
    const basic = readBasic(authorization);
    const agrees = bodyId === undefined || bodyId === basic?.clientId;
    return basic && agrees && bodySecret === undefined ? { kind: 'secret', ...basic } : undefined;
  }
  if (bodyId === undefined) return undefined;
  return bodySecret === undefined
    ? { kind: 'public', clientId: bodyId }
    : { kind: 'secret', clientId: bodyId, secret: bodySecret };
}

/** Both halves are form-encoded before they are joined: RFC 6749 §2.3.1 and appendix B. */
function readBasic(header: string): { clientId: string; secret: string } | undefined {
  const encoded = /^basic ([A-Za-z0-9+/=]+)$/i.exec(header)?.[1];
  if (!encoded) return undefined;
  const [id, secret, ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (id === undefined || secret === undefined || rest.length > 0) return undefined;
  const clientId = formDecoded(id);
  const clientSecret = formDecoded(secret);
  return clientId === undefined || clientSecret === undefined
    ? undefined
    : { clientId, secret: clientSecret };
}

function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** `sha256:<base64url>`; client secrets are random, so a plain hash keeps them. */
export const hashSecret = (secret: string): string =>
  `sha256:${createHash('sha256').update(secret, 'utf8').digest('base64url')}`;

export function secretMatches(secret: string, hashes: readonly string[]): boolean {
  const shown = hashSecret(secret);
  // every hash is compared, so that the time does not tell which one it was
  return hashes.map((hash) => sameText(hash, shown)).includes(true);
}
