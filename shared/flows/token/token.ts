import { readClientCredentials } from '../../checks/client-authentication.ts';
import type { House } from '../house.ts';
import { refuseUnstored } from '../log.ts';
import { clientCredentials } from './client-credentials.ts';
import { redeemCode } from './redeem-code.ts';
import { provenApp, type Refuse, type TokenAnswer } from './token-client.ts';

export type TokenInput = {
  readonly form: ReadonlyMap<string, string>;
  readonly duplicates: readonly string[];
  readonly authorization: string | undefined;
};

/** Those that are named when they are wrong: what else a client sends may be anything. */
const parameters = [
  'grant_type',
  'client_id',
  'client_secret',
  'code',
  'redirect_uri',
  'code_verifier',
  'resource',
  'scope',
];

/** POST /token. */
export async function token(house: House, input: TokenInput, now: Date): Promise<TokenAnswer> {
  const refuse: Refuse = (error, description, more) => {
    const reference = refuseUnstored(house, 'tokenRefused', { error, description }, now);
    const status = error === 'invalid_client' ? 401 : 400;
    return { kind: 'refused', status, error, description, reference, more };
  };
  const [twice] = input.duplicates;
  if (twice !== undefined) {
    const name = parameters.find((parameter) => parameter === twice) ?? 'a parameter';
    return refuse('invalid_request', `${name} appears more than once`);
  }
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
