import { type ClientCredentials, secretMatches } from '../../checks/client-authentication.ts';
import type { JsonObject } from '../../core/json.ts';
import type { App } from '../../rows/configuration/app.ts';
import type { Configuration } from '../configuration/configuration.ts';

/** What the token endpoint answers (RFC 6749 §5). */
export type TokenAnswer =
  | { readonly kind: 'tokens'; readonly body: JsonObject }
  | {
      readonly kind: 'refused';
      /** 401 only for a client that could not prove who it is. */
      readonly status: 400 | 401;
      readonly error: string;
      readonly description: string;
      readonly reference: string;
      readonly more?: JsonObject | undefined;
    };

/** A client that proved who it is, or a public one that only says so. */
export type Client = {
  readonly app: App;
  readonly configuration: Configuration;
};

export type Refuse = (
  error: string,
  description: string,
  more?: JsonObject,
) => TokenAnswer & { kind: 'refused' };

/** A confidential client shows its secret; a public one has none to show. */
export function provenApp(configuration: Configuration, shown: ClientCredentials): App | undefined {
  const app = configuration.apps.get(shown.clientId.toLowerCase());
  if (!app) return undefined;
  if (shown.kind === 'public') return app.clientType === 'public' ? app : undefined;
  return secretMatches(shown.secret, app.clientSecretHashes) ? app : undefined;
}
