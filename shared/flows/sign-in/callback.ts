import { readState } from '../../core/handles.ts';
import { type BrowserSecret, randomToken, readBrowserSecret, signInHash } from '../../core/ids.ts';
import { newLogPlace, writeReference } from '../../core/reference.ts';
import { isBefore, minutesMs } from '../../core/time.ts';
import type { HomeIdentity } from '../../ports.ts';
import type { Partner } from '../../rows/configuration/partner.ts';
import { type Event, withEvent } from '../../rows/events.ts';
import { expiring } from '../../rows/expiring.ts';
import type { HomeFactor } from '../../rows/first-factor.ts';
import { findRow, replace, replaceOwned, type Versioned } from '../../rows/row.ts';
import { type HomeSignIn, signInKey, signInRow } from '../../rows/sign-in.ts';
import type { Answer, BlockCause, Browser } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { logSignIn, refuseUnstored } from '../log.ts';
import { blockedPage } from './block.ts';
import { type BrowserFacts, browserFacts } from './facts.ts';
import { begin } from './first-factor.ts';
import { frameOf } from './frame.ts';
import { boundSubject, findGuestOf } from './guest-of-identity.ts';
import { message } from './messages.ts';
import { showStep } from './show-step.ts';
import { homeAgain, homePartner, homeRedirectUri, openHome } from './start-at-home.ts';

/**
 * GET /callback/{partner}: the home's answer (RFC 6749 §4.1.2). `state` leads to the sign-in only in
 * the browser that began it, and is spent before the code is exchanged.
 */
export async function callback(
  house: House,
  input: {
    readonly partnerId: string;
    readonly parameters: URLSearchParams;
    readonly browser: Browser;
  },
  now: Date,
): Promise<Answer> {
  const configuration = await house.configuration();
  const partner = configuration.partners.get(input.partnerId);
  const states = input.parameters.getAll('state');
  const state = states.length === 1 ? readState(states[0] ?? '') : undefined;
  const secret = readBrowserSecret(input.browser.secret);
  const refuse = (key: 'startAtApp' | 'otherBrowser' | 'signInOver', why: string): Answer => {
    const reference = refuseUnstored(house, 'callbackRefused', { why, partner: partner?.id }, now);
    return message(key, { frame: frameOf(configuration), reference });
  };
  if (!partner || !state) return refuse('startAtApp', 'no such partner, or no state');
  if (!secret) return refuse('otherBrowser', 'no cookie of this sign-in');

  const found = await findSignIn(house, state.handle, secret);
  if (!found) return refuse('otherBrowser', 'no such sign-in in this browser');
  if (!isBefore(now, found.row.value.expiresAt)) return refuse('signInOver', 'expired');
  if (found.row.value.stepNonce !== state.nonce)
    return refuse('signInOver', 'state of another step');
  const { browser } = input;
  // before anything is spent: where no address is established, nothing is decided
  const facts = browserFacts(browser);
  const running = { ...found, configuration, partner, secret, browser, facts };
  // reloaded by its own browser: the page it waits at, nothing spent again
  if (found.row.value.state === 'known') return showKnown(house, running, now);
  if (found.row.value.state !== 'atHome') return refuse('signInOver', 'state already spent');

  const spent = await spend(house, running, now);
  if (!spent) return refuse('signInOver', 'state already spent');
  if (spent.home.partner !== partner.id)
    return end(house, running, spent, 'homeAnswerInvalid', 'partner', now);
  return exchange(house, running, spent, input.parameters, now);
}

type Running = {
  readonly key: string;
  readonly partition: string;
  readonly row: Versioned<HomeSignIn>;
  readonly id: Parameters<typeof signInHash>[0];
  readonly secret: BrowserSecret;
  readonly browser: Browser;
  readonly facts: BrowserFacts;
  readonly configuration: Configuration;
  readonly partner: Partner;
};

async function findSignIn(
  house: House,
  handle: NonNullable<ReturnType<typeof readState>>['handle'],
  secret: BrowserSecret,
) {
  const key = signInKey(handle.id, signInHash(handle.id, secret));
  const rows = await house.store.load(expiring(handle.partition), { keys: [key] });
  const row = findRow(signInRow, rows, key);
  if (row?.value.door !== 'home') return undefined;
  return { key, partition: handle.partition, id: handle.id, row: { ...row, value: row.value } };
}

/** The compare-and-swap that makes `state` single use; undefined for whoever came second. */
async function spend(house: House, running: Running, now: Date): Promise<HomeSignIn | undefined> {
  const { row, partition } = running;
  const events = withEvent(row.value.events, now, 'cameBack');
  const spent: HomeSignIn = { ...row.value, state: 'spent', events };
  const done = await house.store.commit(expiring(partition), [replace(row, spent)], randomToken());
  return done === 'done' ? spent : undefined;
}

/** INVARIANT: only the request that spent the state comes here, so the row is its own. */
async function finish(house: House, running: Running, value: HomeSignIn): Promise<boolean> {
  const change = replaceOwned(running.key, value);
  const done = await house.store.commit(expiring(running.partition), [change], randomToken());
  return done === 'done';
}

async function exchange(
  house: House,
  running: Running,
  spent: HomeSignIn,
  parameters: URLSearchParams,
  now: Date,
): Promise<Answer> {
  const { configuration, partner, id, secret } = running;
  const state = parameters.get('state') ?? '';
  const opened = await openHome(house, signInHash(id, secret), spent);
  const result = await house.homeIdp.redeem(
    await homePartner(house, partner),
    {
      parameters,
      redirectUri: homeRedirectUri(house, partner.id),
      state,
      nonce: spent.home.nonce,
      codeVerifier: opened.verifier,
      maxAgeSeconds: maxAgeNow(spent, now),
    },
    now,
  );
  if (result.kind === 'declined')
    return end(house, running, spent, 'homeDeclined', result.error, now);
  if (result.kind === 'invalid')
    return end(house, running, spent, 'homeAnswerInvalid', result.check, now);

  const guest = await findGuestOf(house, partner, result.identity);
  if (!guest) return end(house, running, spent, 'noAccess', 'noBinding', now);
  // terminal, and naming its guest, before the authorization exists
  const events = withEvent(spent.events, now, 'firstFactor', result.identity.tokenHash);
  const known: HomeSignIn = { ...spent, state: 'known', guest, events };
  if (!(await finish(house, running, known)))
    return message('signInOver', { frame: frameOf(configuration) });
  const { browser, facts } = running;
  const firstFactor = homeFactor(partner, result.identity, now);
  const begun = { configuration, signIn: known, firstFactor, guestId: guest, id, secret, browser };
  // asked once: whoever comes from a fresh authentication already is not sent there again
  const again =
    spent.home.maxAgeSeconds === 0
      ? undefined
      : () => homeAgain(house, { configuration, partner, secret, signIn: known, opened }, now);
  return begin(house, { ...begun, facts, again }, now);
}

function homeFactor(partner: Partner, identity: HomeIdentity, now: Date): HomeFactor {
  return {
    kind: 'home',
    partner: partner.id,
    issuer: partner.issuer,
    subject: boundSubject(partner, identity) ?? '',
    cameAt: now.toISOString(),
    ...authenticatedAt(identity, now),
    amr: [...identity.amr],
    ...(identity.acr === undefined ? {} : { acr: identity.acr }),
    tokenHash: identity.tokenHash,
  };
}

/** A time that lies ahead by more than clocks differ says nothing. */
function authenticatedAt({ authTime }: HomeIdentity, now: Date): { authenticatedAt?: string } {
  const isKnown = authTime !== undefined && authTime.getTime() <= now.getTime() + minutesMs;
  return isKnown ? { authenticatedAt: authTime.toISOString() } : {};
}

/** `auth_time` must not lie before what the app asked for, counted back from the sign-in's start. */
function maxAgeNow(row: HomeSignIn, now: Date): number | undefined {
  if (row.home.maxAgeSeconds === undefined) return undefined;
  const elapsedSeconds = Math.max(0, (now.getTime() - Date.parse(row.startedAt)) / 1000);
  return row.home.maxAgeSeconds + Math.ceil(elapsedSeconds);
}

async function showKnown(house: House, running: Running, now: Date): Promise<Answer> {
  const { configuration, row, id, secret, browser } = running;
  return showStep(house, configuration, { guest: row.value.guest ?? '', id, secret, browser }, now);
}

/** A refusal before we know who: the page is the same whether or not anybody is known. */
async function end(
  house: House,
  running: Running,
  spent: HomeSignIn,
  cause: BlockCause,
  detail: string,
  now: Date,
): Promise<Answer> {
  const place = newLogPlace(now);
  const events: readonly Event[] = withEvent(spent.events, now, 'blocked', `${cause} ${detail}`);
  await finish(house, running, { ...spent, state: 'over', events: [...events] });
  const { request } = spent;
  const app = running.configuration.apps.get(request.clientId);
  await logSignIn(house, place, {
    kind: 'signIn',
    at: now.toISOString(),
    result: 'failure',
    app: request.clientId,
    cause,
    code: cause === 'noAccess' ? 50020 : null,
    events: [...events],
  });
  return blockedPage(frameOf(running.configuration, app, request), cause, writeReference(place));
}
