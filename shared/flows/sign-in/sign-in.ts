import { readMailAddress } from '../../checks/mail-address.ts';
import { newSignInId, readFreshSignInId } from '../../core/handles.ts';
import { newBrowserSecret, readBrowserSecret } from '../../core/ids.ts';
import { namedMacMatches } from '../../core/seal.ts';
import type { Partner } from '../../rows/configuration/partner.ts';
import type { Answer, Browser } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { keyFor } from '../key-for.ts';
import { type GivenParameters, readRequest, signInPage } from './authorize.ts';
import { frameOf } from './frame.ts';
import { partnerOfDomain } from './home-realm.ts';
import { message } from './messages.ts';
import { goHome, isSameStart, startAtHome } from './start-at-home.ts';

/**
 * POST /signin: the request is validated again from the form, against the apps as they are now; then
 * the home realm, and the sign-in row.
 */
export async function signIn(
  house: House,
  given: GivenParameters,
  browser: Browser,
  now: Date,
): Promise<Answer> {
  const configuration = await house.configuration();
  const asked = readRequest(house, configuration, given, now);
  if (asked.kind === 'answer') return asked.answer;

  const { app, request } = asked;
  const secret = readBrowserSecret(browser.secret);
  const id = readFreshSignInId(given.values.get('signin_id') ?? '', now);
  const csrf = given.values.get('csrf') ?? '';
  const csrfKey = await keyFor(house.keys, 'csrf', csrf.split('.')[0]);
  const page = { app, request, given, now };
  if (!secret) {
    // the cookie is gone (cleared, or another browser): the same page again, with a fresh one
    const fresh = newBrowserSecret();
    const cookies = [{ cookie: 'browser' as const, value: fresh }];
    return signInPage(house, configuration, { ...page, secret: fresh }, { cookies });
  }
  if (!id || !namedMacMatches(csrfKey, csrf, id, secret))
    return signInPage(house, configuration, { ...page, secret });

  const choice = homeRealm(configuration, given);
  if (choice.kind !== 'partner')
    return signInPage(
      house,
      configuration,
      { ...page, secret },
      { problem: choice.kind, mail: given.values.get('mail') ?? '' },
    );

  const { partner, mail } = choice;
  const start = { request, partner, secret, mail };
  const first = await startAtHome(house, { ...start, id }, now);
  const running = isSameStart(first, partner, mail)
    ? first
    : await startAtHome(house, { ...start, id: newSignInId(now) }, now);
  return goHome(house, configuration, running, now);
}

/** GET /signin: a page that is reached by a form only. */
export async function showSignIn(house: House): Promise<Answer> {
  const configuration = await house.configuration();
  return message('startAtApp', { frame: frameOf(configuration) });
}

type Realm =
  | { readonly kind: 'partner'; readonly partner: Partner; readonly mail: string | undefined }
  | { readonly kind: 'mailMalformed' }
  | { readonly kind: 'noWayIn' };

/** The guest's own choice first, then the address's domain. Nobody is looked up. */
function homeRealm(configuration: Configuration, given: GivenParameters): Realm {
  const typed = given.values.get('mail')?.trim() ?? '';
  const address = typed === '' ? undefined : readMailAddress(typed);
  const chosen = given.values.get('partner');
  if (chosen !== undefined) {
    const partner = configuration.partners.get(chosen);
    return partner?.enabled
      ? { kind: 'partner', partner, mail: address?.address }
      : { kind: 'noWayIn' };
  }
  if (!address) return { kind: 'mailMalformed' };
  const partner = partnerOfDomain(configuration, address.domain);
  // a disabled partner keeps its domains: no other door opens for them
  return partner?.enabled
    ? { kind: 'partner', partner, mail: address.address }
    : { kind: 'noWayIn' };
}
