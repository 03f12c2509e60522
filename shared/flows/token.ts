import {
  type ClientCredentials,
  readClientCredentials,
  secretMatches,
} from '../checks/client-authentication.ts';
import type { JsonObject } from '../core/json.ts';
import type { App } from '../rows/configuration/app.ts';
import { clientCredentials } from './client-credentials.ts';
import type { Configuration } from './configuration.ts';
import type { House } from './house.ts';
import { refuseUnstored } from './log.ts';
import { redeemCode } from './redeem-code.ts';

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

export type TokenInput = {
  readonly form: ReadonlyMap<string, string>;
  readonly duplicates: readonly string[];
  readonly authorization: string | undefined;
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

/** POST /token. */
export async function token(house: House, input: TokenInput, now: Date): Promise<TokenAnswer> {
  const refuse: Refuse = (error, description, more) => {
    const reference = refuseUnstored(house, 'tokenRefused', { error, description }, now);
    const status = error === 'invalid_client' ? 401 : 400;
    return { kind: 'refused', status, error, description, reference, more };
  };
  const [twice] = input.duplicates;
  if (twice !== undefined)
    return refuse('invalid_request', `${twice.slice(0, 40)} appears more than once`);
  const credentials = readClientCredentials(input.authorization, input.form);
  if (!credentials)
    return refuse('invalid_client', 'client authentication is missing or given twice');

  switch (input.form.get('grant_type')) {
    case undefined:
      return refuse('invalid_request', 'grant_type is missing');
    case 'client_credentials':
      return clientCredentials(house, credentials, input.form, refuse, now);
    case 'authorization_code': {
      const configuration = await house.configuration();
      const app = provenApp(configuration, credentials);
      if (!app) return refuse('invalid_client', 'unknown client, or its secret is wrong');
      return redeemCode(house, { app, configuration }, input.form, refuse, now);
    }
    default:
      return refuse(
        'unsupported_grant_type',
        'grant_type must be authorization_code or client_credentials',
      );
  }
}

/** A confidential client shows its secret; a public one has none to show. */
export function provenApp(configuration: Configuration, shown: ClientCredentials): App | undefined {
  const app = configuration.apps.get(shown.clientId.toLowerCase());
  if (!app) return undefined;
  if (shown.kind === 'public') return app.clientType === 'public' ? app : undefined;
  return secretMatches(shown.secret, app.clientSecretHashes) ? app : undefined;
}
