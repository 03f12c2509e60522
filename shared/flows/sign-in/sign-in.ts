import { mailboxOf, readMailAddress } from '../../checks/mail-address.ts';
import { readFreshSignInId } from '../../core/handles.ts';
import { newBrowserSecret, readBrowserSecret } from '../../core/ids.ts';
import { namedMacMatches } from '../../core/seal.ts';
import type { Partner } from '../../rows/configuration/partner.ts';
import type { Answer, Browser } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { keyFor } from '../key-for.ts';
import { startAtMailbox } from '../passcode/start-at-mailbox.ts';
import { type GivenParameters, readRequest } from './asked-request.ts';
import { signInPage } from './authorize.ts';
import { frameOf } from './frame.ts';
import { isMailDoorOpen, partnerOfDomain } from './home-realm.ts';
import { message } from './messages.ts';
import { goHome, startAtHome } from './start-at-home.ts';

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

  const secret = readBrowserSecret(browser.secret);
  const id = readFreshSignInId(given.values.get('signin_id') ?? '', now);
  const csrf = given.values.get('csrf') ?? '';
  const csrfKey = await keyFor(house.keys, 'csrf', csrf.split('.')[0]);
  const page = { ...asked, given, now };
  if (!secret) {
    // the cookie is gone (cleared, or another browser): the same page again, with a fresh one
    const fresh = newBrowserSecret();
    const cookies = [{ cookie: 'browser' as const, value: fresh }];
    return signInPage(house, configuration, { ...page, secret: fresh }, { cookies });
  }
  if (!id || !namedMacMatches(csrfKey, csrf, id, secret))
    return signInPage(house, configuration, { ...page, secret });

  const choice = homeRealm(house, configuration, given);
  switch (choice.kind) {
    case 'partner': {
      const { partner, mail } = choice;
      const { request } = asked;
      const start = { request, partner, secret, id, mail, ipAddress: browser.ipAddress };
      return goHome(house, configuration, await startAtHome(house, start, now), now);
    }
    case 'mailbox': {
      const { address } = choice;
      return startAtMailbox(house, configuration, { asked, id, secret, address, browser }, now);
    }
    case 'mailMalformed':
    case 'noWayIn': {
      const shown = { problem: choice.kind, mail: given.values.get('mail') ?? '' };
      return signInPage(house, configuration, { ...page, secret }, shown);
    }
  }
}

/** GET /signin: a page that is reached by a form only. */
export async function showSignIn(house: House): Promise<Answer> {
  const configuration = await house.configuration();
  return message('startAtApp', { frame: frameOf(configuration) });
}

type Realm =
  | { readonly kind: 'partner'; readonly partner: Partner; readonly mail: string | undefined }
  | { readonly kind: 'mailbox'; readonly address: string }
  | { readonly kind: 'mailMalformed' }
  | { readonly kind: 'noWayIn' };

/** The guest's own choice first, then the address's domain. Nobody is looked up. */
function homeRealm(house: House, configuration: Configuration, given: GivenParameters): Realm {
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
  if (partner?.enabled) return { kind: 'partner', partner, mail: address.address };
  // a partner that is disabled or gone keeps its domains: no other door opens for them
  if (partner || configuration.reservedDomains.has(address.domain)) return { kind: 'noWayIn' };
  return isMailDoorOpen(house, configuration)
    ? { kind: 'mailbox', address: mailboxOf(address) }
    : { kind: 'noWayIn' };
}
