import { Fault } from '../core/errors.ts';
import { later } from '../core/later.ts';

/** What the SDKs need of an identity: Azure's TokenCredential, no more of it than is used. */
export type TokenSource = {
  getToken(
    scopes: string | string[],
    options?: { readonly abortSignal?: Ending },
  ): Promise<{ token: string; expiresOnTimestamp: number } | null>;
};

/** The little of an AbortSignal that the SDKs promise. */
type Ending = {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
};

/**
 * The identity that Azure gives this app; no secret of ours. `clientId` names one of several. Its library
 * is loaded when the first token is asked for. Throws `Fault('identityUnavailable')`, as soon as the caller's
 * time is over, too: the library hears of that and goes on waiting.
 *
 * @see Azure docs: "ManagedIdentityCredential class"
 */
export function managedIdentity(clientId: string | undefined): TokenSource {
  const source = later(async (): Promise<TokenSource> => {
    const { ManagedIdentityCredential } = await import('@azure/identity');
    return clientId === undefined
      ? new ManagedIdentityCredential()
      : new ManagedIdentityCredential({ clientId });
  });
  return {
    async getToken(scopes, options) {
      try {
        const token = source().then((identity) => identity.getToken(scopes, options));
        const ending = options?.abortSignal;
        return await (ending ? Promise.race([token, ended(ending)]) : token);
      } catch (thrown) {
        // its texts quote addresses and answers of the platform
        const name = thrown instanceof Error ? thrown.name : 'unknown';
        throw new Fault('identityUnavailable', { cause: new Error(name) });
      }
    },
  };
}

const ended = (ending: Ending): Promise<never> =>
  new Promise((_, reject) => {
    const end = () => reject(new DOMException('no token in time', 'AbortError'));
    if (ending.aborted) end();
    else ending.addEventListener('abort', end);
  });
