import { Fault } from '../../core/errors.ts';
import { newSignInId, writeState } from '../../core/handles.ts';
import {
  type BrowserSecret,
  randomToken,
  type SignInHash,
  type SignInId,
  signInHash,
} from '../../core/ids.ts';
import { isSealed, seal, sealKeyId, unseal } from '../../core/seal.ts';
import { hoursMs, isBefore, later } from '../../core/time.ts';
import type { HomePartner } from '../../ports.ts';
import type { AuthorizationRequest } from '../../rows/authorization-request.ts';
import type { Partner } from '../../rows/configuration/partner.ts';
import { expiring } from '../../rows/expiring.ts';
import { findRow, insert } from '../../rows/row.ts';
import { type HomeSignIn, signInKey, signInPartition, signInRow } from '../../rows/sign-in.ts';
import type { Answer } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { keyFor } from '../key-for.ts';
import { frameOf } from './frame.ts';
import { message } from './messages.ts';

/** A sign-in as its browser knows it. */
type RunningSignIn = {
  readonly id: SignInId;
  readonly h: SignInHash;
  readonly partition: string;
  readonly row: HomeSignIn;
};

type Start = {
  readonly request: AuthorizationRequest;
  readonly partner: Partner;
  readonly id: SignInId;
  readonly secret: BrowserSecret;
  readonly mail: string | undefined;
  readonly ipAddress: string | undefined;
};

const signInMs = hoursMs;

/**
 * Inserts the sign-in. A form sent twice meets its own row and gets that one; with another choice it
 * begins another sign-in, like another tab.
 */
export async function startAtHome(house: House, start: Start, now: Date): Promise<RunningSignIn> {
  const { request, partner, id, secret, mail, ipAddress } = start;
  const h = signInHash(id, secret);
  const partition = signInPartition(id, h);
  const opened: OpenedHome = { verifier: randomToken() + randomToken(), loginHint: mail };
  const row: HomeSignIn = {
    door: 'home',
    state: 'atHome',
    request,
    home: {
      partner: partner.id,
      nonce: randomToken(),
      sealed: seal(await keyFor(house.keys, 'home-verifier'), h, JSON.stringify(opened)),
      ...maxAge(request),
    },
    ...(ipAddress === undefined ? {} : { ipAddress }),
    stepNonce: randomToken(),
    startedAt: now.toISOString(),
    expiresAt: later(now, signInMs).toISOString(),
    events: [
      { at: now.toISOString(), what: 'started' },
      { at: now.toISOString(), what: 'sentHome', detail: partner.id },
    ],
  };
  const key = signInKey(id, h);
  const done = await house.store.commit(expiring(partition), [insert(key, row)], randomToken());
  if (done === 'done') return { id, h, partition, row };
  const existing = findRow(
    signInRow,
    await house.store.load(expiring(partition), { keys: [key] }),
    key,
  );
  if (!existing) throw new Fault('busy', { detail: 'sign-in' });
  const { value } = existing;
  // the same choice again, partner and address, while nobody has come back from it
  const isSame =
    value.door === 'home' &&
    value.state === 'atHome' &&
    value.home.partner === partner.id &&
    (await openHome(house, h, value)).loginHint === mail;
  return isSame
    ? { id, h, partition, row: value }
    : startAtHome(house, { ...start, id: newSignInId(now) }, now);
}

/** Leaves for the partner, with a URL made from the row: the same for every double submit. */
export async function goHome(
  house: House,
  configuration: Configuration,
  { id, h, partition, row }: RunningSignIn,
  now: Date,
): Promise<Answer> {
  const partner = configuration.partners.get(row.home.partner);
  const app = configuration.apps.get(row.request.clientId);
  const frame = frameOf(configuration, app, row.request);
  if (row.state !== 'atHome' || !isBefore(now, row.expiresAt) || !partner?.enabled)
    return message('signInOver', { frame });
  const { verifier, loginHint } = await openHome(house, h, row);
  const url = await house.homeIdp.authorizationUrl(
    await homePartner(house, partner),
    {
      redirectUri: homeRedirectUri(house, partner.id),
      state: writeState({ partition, id }, row.stepNonce),
      nonce: row.home.nonce,
      codeVerifier: verifier,
      loginHint,
      prompt: row.home.maxAgeSeconds === 0 ? 'login' : undefined,
      maxAgeSeconds: row.home.maxAgeSeconds,
      uiLocales: row.request.uiLocales,
    },
    now,
  );
  return { kind: 'goHome', frame, url, name: partner.displayName };
}

/** The same request as a new sign-in, with an authentication made now (`prompt=login`). */
export async function homeAgain(
  house: House,
  was: {
    readonly configuration: Configuration;
    readonly partner: Partner;
    readonly secret: BrowserSecret;
    readonly signIn: HomeSignIn;
    readonly opened: OpenedHome;
  },
  now: Date,
): Promise<Answer> {
  const { configuration, partner, secret, signIn, opened } = was;
  const request: AuthorizationRequest = { ...signIn.request, prompt: ['login'] };
  const id = newSignInId(now);
  const { ipAddress } = signIn;
  const start = { request, partner, id, secret, mail: opened.loginHint, ipAddress };
  return goHome(house, configuration, await startAtHome(house, start, now), now);
}

/** One redirect path per partner: an answer on another's path is a mix-up (RFC 9700 §4.4). */
export const homeRedirectUri = (house: House, partner: string): string =>
  `${house.issuer}/callback/${partner}`;

type OpenedHome = { readonly verifier: string; readonly loginHint?: string | undefined };

export async function openHome(
  house: House,
  h: SignInHash,
  { home: { sealed } }: HomeSignIn,
): Promise<OpenedHome> {
  const key = await keyFor(house.keys, 'home-verifier', sealKeyId(sealed));
  return JSON.parse(unseal(key, h, sealed)) as OpenedHome;
}

/** What the home adapter is told of a partner; its secret is opened here and nowhere kept. */
export async function homePartner(house: House, partner: Partner): Promise<HomePartner> {
  const { clientSecret } = partner;
  const sealed =
    typeof clientSecret === 'string' && isSealed(clientSecret) ? clientSecret : undefined;
  const key = sealed && (await keyFor(house.keys, 'partner-secret', sealKeyId(sealed)));
  return {
    id: partner.id,
    issuer: partner.issuer,
    clientId: partner.clientId,
    clientSecret: sealed && key ? unseal(key, partnerSecretAad(partner.id), sealed) : undefined,
    algorithms: partner.algorithms,
    hosts: partner.hosts,
  };
}

export const partnerSecretAad = (partner: string): string => `partner-secret ${partner}`;

/** `prompt=login` and `select_account` ask for an authentication made now; `max_age` for a recent one. */
function maxAge(request: AuthorizationRequest): { maxAgeSeconds?: number } {
  if (request.prompt.includes('login') || request.prompt.includes('select_account'))
    return { maxAgeSeconds: 0 };
  return request.maxAgeSeconds === undefined ? {} : { maxAgeSeconds: request.maxAgeSeconds };
}
