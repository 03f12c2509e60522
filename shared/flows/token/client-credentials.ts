import { type ClientCredentials, secretMatches } from '../../checks/client-authentication.ts';
import { randomToken } from '../../core/ids.ts';
import { epochSeconds } from '../../core/time.ts';
import { adminRoles } from '../../rows/configuration/app.ts';
import { adminAudience } from '../admin/admit.ts';
import { configurationIfAny, type House } from '../house.ts';
import { provenApp, type Refuse, type TokenAnswer } from './token-client.ts';

const lifetimeSeconds = 3600;

/**
 * An administrator's automation (RFC 6749 §4.4): a token for the admin API with the roles of the
 * app's registration, and nothing else. Never a guest's.
 */
export async function clientCredentials(
  house: House,
  credentials: ClientCredentials,
  form: ReadonlyMap<string, string>,
  refuse: Refuse,
  now: Date,
): Promise<TokenAnswer> {
  const client = await provenAdministrator(house, credentials);
  if (!client) return refuse('invalid_client', 'unknown client, or its secret is wrong');
  if (client.roles.length === 0)
    return refuse('unauthorized_client', 'this client has no roles of its own');
  const audience = adminAudience(house.issuer);
  const resource = form.get('resource') ?? audience;
  if (resource !== audience) return refuse('invalid_target', `resource must be ${audience}`);
  const issuedAt = epochSeconds(now);
  const accessToken = await house.keys.sign(
    { alg: 'RS256', typ: 'at+jwt' },
    {
      iss: house.issuer,
      sub: client.appId,
      aud: audience,
      client_id: client.appId,
      iat: issuedAt,
      exp: issuedAt + lifetimeSeconds,
      jti: randomToken(),
      roles: client.roles,
    },
  );
  return {
    kind: 'tokens',
    body: { access_token: accessToken, token_type: 'Bearer', expires_in: lifetimeSeconds },
  };
}

type Administrator = { readonly appId: string; readonly roles: readonly string[] };

/** The seeded client works before any configuration is there: it brings the first one. */
async function provenAdministrator(
  house: House,
  credentials: ClientCredentials,
): Promise<Administrator | undefined> {
  if (credentials.kind !== 'secret') return undefined;
  const { seedClient } = house.admission;
  if (seedClient && credentials.clientId.toLowerCase() === seedClient.appId)
    return secretMatches(credentials.secret, [seedClient.secretHash])
      ? { appId: seedClient.appId, roles: adminRoles }
      : undefined;
  const configuration = await configurationIfAny(house);
  const app = configuration && provenApp(configuration, credentials);
  return app?.clientType === 'confidential' ? { appId: app.appId, roles: app.appRoles } : undefined;
}
