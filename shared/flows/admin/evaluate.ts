import { type GuestId, readGuestId } from '../../core/ids.ts';
import {
  type SignInFacts,
  type WhatIfAnswer,
  type WhatIfRequest,
  whatIf,
} from '../../policy/index.ts';
import { mailIssuer } from '../../rows/first-factor.ts';
import type { House } from '../house.ts';
import { homeOf } from '../sign-in/facts.ts';
import { loadGuest } from '../sign-in/guest-rows.ts';
import type { Administrator } from './admit.ts';
import { findNamedGuest, type NamedGuest } from './find-guest.ts';

/**
 * What-If (Graph: conditionalAccessRoot: evaluate): which policies would apply to a known or a
 * hypothetical guest. It sends nothing, counts nothing and stores nothing; who asked about whom is in
 * the journal.
 */
export async function evaluate(
  house: House,
  request: WhatIfRequest & { readonly signInIdentity: { readonly userId?: string | undefined } },
  administrator: Administrator,
): Promise<
  | { readonly kind: 'evaluated'; readonly answer: WhatIfAnswer; readonly setVersion: string }
  | Exclude<NamedGuest, { kind: 'guest' }>
> {
  const configuration = await house.configuration();
  const { userId } = request.signInIdentity;
  const named = userId === undefined ? undefined : await findNamedGuest(house, userId);
  if (named && named.kind !== 'guest') return named;
  const user = named && (await knownUser(house, named.id));
  // an id that nobody has stays hypothetical, as in Graph; a name that leads nowhere is a mistake
  if (userId !== undefined && !user && !readGuestId(userId)) return { kind: 'unknownGuest' };
  house.journal.line('info', 'whatIf', {
    administrator: administrator.name,
    ...(user?.id === undefined ? {} : { guest: user.id }),
  });
  return {
    kind: 'evaluated',
    answer: whatIf(configuration.policySet, { ...request, ...(user ? { user } : {}) }),
    setVersion: configuration.setVersion,
  };
}

/** A guest as the directory knows them, in the words of the facts. */
async function knownUser(house: House, id: GuestId): Promise<SignInFacts['user']> {
  const configuration = await house.configuration();
  const rows = await loadGuest(house.store, id, { prefixes: ['account.'] });
  if (!rows) return undefined;
  const guest = rows.guest.value;
  const [identity] = guest.identities;
  const partner = identity && configuration.partners.get(identity.partner);
  return {
    id: guest.id,
    userType: 'Guest',
    guestOrExternalUserType: guest.guestOrExternalUserType,
    groupIds: guest.groupIds,
    roleTemplateIds: [],
    ...(partner || identity?.partner === mailIssuer ? homeOf(partner) : {}),
  };
}
