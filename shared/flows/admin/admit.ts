import { checkOwnAccessToken } from '../../checks/own-token.ts';
import { randomToken } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { type AdminRole, adminRoles } from '../../rows/configuration/app.ts';
import { configurationIfAny, type House } from '../house.ts';
import { logAudit } from '../log.ts';

export type { AdminRole } from '../../rows/configuration/app.ts';

/** The audience of tokens for the admin API: no token for an app or for userinfo opens it. */
export const adminAudience = (issuer: string): string => `${issuer}/manage`;

/** Who acts: `app:<appId>` by this gateway's own grant, `<issuer> <subject>` by the trusted one. */
export type Administrator = { readonly name: string; readonly roles: readonly AdminRole[] };

export type Admission =
  | { readonly kind: 'admitted'; readonly administrator: Administrator }
  | { readonly kind: 'unauthenticated' }
  | { readonly kind: 'forbidden'; readonly needed: readonly AdminRole[] };

/**
 * A bearer token with one of the roles. Guests' tokens never carry roles and have another audience.
 * A refused act of somebody we know leaves an audit row; what nobody proved leaves a journal line.
 */
export async function admit(
  house: House,
  act: {
    readonly token: string | undefined;
    readonly activity: string;
    readonly anyOf: readonly AdminRole[];
  },
  now: Date,
): Promise<Admission> {
  const administrator =
    act.token === undefined ? undefined : await readToken(house, act.token, now);
  if (!administrator) {
    house.journal.line('warning', 'adminUnauthenticated', { activity: act.activity });
    return { kind: 'unauthenticated' };
  }
  if (act.anyOf.some((role) => administrator.roles.includes(role)))
    return { kind: 'admitted', administrator };
  await logAudit(
    house,
    {
      operationId: randomToken(),
      phase: 'refused',
      activity: act.activity,
      actor: administrator.name,
      result: 'forbidden',
    },
    now,
  );
  return { kind: 'forbidden', needed: act.anyOf };
}

/** For answers that say more to an administrator, of any role, and serve everybody else all the same. */
export async function isAdministrator(
  house: House,
  token: string | undefined,
  now: Date,
): Promise<boolean> {
  if (token === undefined) return false;
  try {
    return ((await readToken(house, token, now))?.roles.length ?? 0) > 0;
  } catch {
    // what cannot be verified, for storage is down say, is nobody's
    return false;
  }
}

async function readToken(
  house: House,
  token: string,
  now: Date,
): Promise<Administrator | undefined> {
  const { trusted } = house.admission;
  // read before it is verified, only to know whose keys to verify it with
  if (trusted && issuerOf(token) === trusted.issuer) {
    const claims = await house.homeIdp.verifyAccessToken(trusted, token, now);
    return claims && { name: `${trusted.issuer} ${textOf(claims['sub'])}`, roles: rolesOf(claims) };
  }
  const claims = await checkOwnAccessToken(
    token,
    {
      keys: await house.keys.publicKeys(),
      issuer: house.issuer,
      audience: adminAudience(house.issuer),
    },
    now,
  );
  return claims && ownAdministrator(house, claims);
}

/** A role taken from the app since counts no more: token and registration must both say it. */
async function ownAdministrator(
  house: House,
  claims: JsonObject,
): Promise<Administrator | undefined> {
  const appId = textOf(claims['client_id']);
  const name = `app:${appId}`;
  if (house.admission.seedClient?.appId === appId) return { name, roles: rolesOf(claims) };
  const app = (await configurationIfAny(house))?.apps.get(appId);
  return app && { name, roles: rolesOf(claims).filter((role) => app.appRoles.includes(role)) };
}

function rolesOf(claims: JsonObject): readonly AdminRole[] {
  const { roles } = claims;
  return Array.isArray(roles) ? adminRoles.filter((role) => roles.includes(role)) : [];
}

function issuerOf(token: string): unknown {
  try {
    const [, payload] = token.split('.');
    return JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8')).iss;
  } catch {
    return undefined;
  }
}

/** A claim as text; anything else names nobody. */
const textOf = (claim: unknown): string => (typeof claim === 'string' ? claim : '');
