import { Fault } from '../core/errors.ts';

/** What the SDKs need of an identity: Azure's TokenCredential, no more of it than is used. */
export type TokenSource = {
  getToken(
    scopes: string | string[],
    options?: object,
  ): Promise<{ token: string; expiresOnTimestamp: number } | null>;
};

/**
 * The identity that Azure gives this app; no secret of ours. `clientId` names one of several. Its library
 * is loaded when the first token is asked for. Throws `Fault('identityUnavailable')`.
 *
 * @see Azure docs: "ManagedIdentityCredential class"
 */
export function managedIdentity(clientId: string | undefined): TokenSource {
  let opened: Promise<TokenSource> | undefined;
  const open = async (): Promise<TokenSource> => {
    const { ManagedIdentityCredential } = await import('@azure/identity');
    return clientId === undefined
      ? new ManagedIdentityCredential()
      : new ManagedIdentityCredential({ clientId });
  };
  return {
    async getToken(scopes, options) {
      opened ??= open();
      try {
        return await (await opened).getToken(scopes, options);
      } catch (thrown) {
        // its texts quote addresses and answers of the platform
        const name = thrown instanceof Error ? thrown.name : 'unknown';
        throw new Fault('identityUnavailable', { cause: new Error(name) });
      }
    },
  };
}
