import { readSession } from '../../core/handles.ts';
import {
  type BrowserSecret,
  type GuestId,
  randomToken,
  type SignInHash,
  type SignInId,
  signInHash,
} from '../../core/ids.ts';
import { namedMac, namedMacMatches, sealKeyId, unseal } from '../../core/seal.ts';
import { isBefore } from '../../core/time.ts';
import type { NamedKey } from '../../ports.ts';
import { totpSealAad } from '../../rows/method.ts';
import type { Versioned } from '../../rows/row.ts';
import { type Session, sessionKey } from '../../rows/session.ts';
import type { Browser } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { keyFor } from '../key-for.ts';
import { type GrantKeys, grantKeys } from './codes.ts';
import { authorizationOf, type GuestRows, loadGuest } from './guest-rows.ts';

/**
 * Everything a step of a known guest's sign-in works on, loaded and opened before its plan: so that
 * the plan itself is a function of values.
 */
export type Stage = {
  readonly house: House;
  readonly configuration: Configuration;
  readonly now: Date;
  readonly guestId: GuestId;
  readonly id: SignInId;
  readonly h: SignInHash;
  readonly rows: GuestRows;
  /** TOTP secrets by method id: registered ones and the one being enrolled. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly totpKey: NamedKey;
  readonly grant: GrantKeys;
  readonly device: { readonly key: NamedKey; readonly known: boolean };
  /** The live session that this browser shows, where it is this guest's. */
  readonly session: Versioned<Session> | undefined;
};

export type StageInput = {
  readonly guestId: GuestId;
  readonly id: SignInId;
  readonly secret: BrowserSecret;
  readonly browser: Browser;
};

/** Undefined: no such guest. Throws `Fault('sealBroken')` for a secret that is not this guest's. */
export async function loadStage(
  house: House,
  configuration: Configuration,
  input: StageInput,
  now: Date,
): Promise<Stage | undefined> {
  const rows = await loadGuest(house.store, input.guestId);
  if (!rows) return undefined;
  const h = signInHash(input.id, input.secret);
  const authorization = authorizationOf(rows, h)?.value;
  const sealed = [
    ...rows.methods.map(({ value }) => [value.id, value.secretSealed] as const),
    ...(authorization?.enrolling
      ? [[authorization.enrolling.methodId, authorization.enrolling.secretSealed] as const]
      : []),
  ];
  const secrets = await Promise.all(
    sealed.map(async ([methodId, text]) => {
      const key = await keyFor(house.keys, 'totp-secret', sealKeyId(text));
      return [methodId, openSecret(house, key, input.guestId, methodId, text)] as const;
    }),
  );
  const device = await readDevice(house, input.guestId, input.browser.device);
  return {
    house,
    configuration,
    now,
    guestId: input.guestId,
    id: input.id,
    h,
    rows,
    secrets: new Map(secrets),
    totpKey: await keyFor(house.keys, 'totp-secret'),
    grant: await grantKeys(house.keys, authorization?.code?.salt),
    device,
    session: shownSession(rows, input.guestId, input.browser.session, now),
  };
}

function openSecret(house: House, key: NamedKey, guest: GuestId, methodId: string, text: string) {
  try {
    return unseal(key, totpSealAad(guest, methodId), text);
  } catch (cause) {
    house.journal.line('alarm', 'sealBroken', { guest, method: methodId });
    throw cause;
  }
}

function shownSession(rows: GuestRows, guest: GuestId, cookie: string | undefined, now: Date) {
  const shown = readSession(cookie ?? '');
  if (shown?.guest !== guest) return undefined;
  const row = rows.sessions.find(({ key }) => key === sessionKey(shown.secret));
  return row?.value.state === 'live' && isBefore(now, row.value.expiresAt) ? row : undefined;
}

// ── the device cookie: marks a browser that this guest has used before; never a factor ────────

/** `<chance>.<key id>.<mac>`, tied to the guest. */
export function newDevice(key: NamedKey, guest: GuestId): string {
  const chance = randomToken();
  return `${chance}.${namedMac(key, 'device', guest, chance)}`;
}

/** Without a guest nobody has used any browser before: the work is the same. */
export async function readDevice(
  house: House,
  guest: string,
  cookie = '',
): Promise<{ readonly key: NamedKey; readonly known: boolean }> {
  const [chance = '', ...mac] = cookie.split('.');
  const key = await keyFor(house.keys, 'device', mac[0]);
  return { key, known: namedMacMatches(key, mac.join('.'), 'device', guest, chance) };
}
