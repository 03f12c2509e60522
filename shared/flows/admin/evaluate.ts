import { readGuestId } from '../../core/ids.ts';
import {
  type SignInFacts,
  type WhatIfAnswer,
  type WhatIfRequest,
  whatIf,
} from '../../policy/index.ts';
import type { House } from '../house.ts';
import { loadGuest } from '../sign-in/guest-rows.ts';
import { findGuest, guestNames } from './find-guest.ts';

/**
 * What-If (Graph: conditionalAccessRoot: evaluate): which policies would apply to a known or a
 * hypothetical guest. It sends nothing, counts nothing and stores nothing.
 */
export async function evaluate(
  house: House,
  request: WhatIfRequest & { readonly signInIdentity: { readonly userId?: string | undefined } },
): Promise<
  | { readonly kind: 'evaluated'; readonly answer: WhatIfAnswer; readonly setVersion: string }
  | { readonly kind: 'unknownGuest' }
> {
  const configuration = await house.configuration();
  const { userId } = request.signInIdentity;
  const user = userId === undefined ? undefined : await knownUser(house, userId);
  // an id that nobody has stays hypothetical, as in Graph; a name that leads nowhere is a mistake
  if (userId !== undefined && !user && !readGuestId(userId)) return { kind: 'unknownGuest' };
  return {
    kind: 'evaluated',
    answer: whatIf(configuration.policySet, { ...request, ...(user ? { user } : {}) }),
    setVersion: configuration.setVersion,
  };
}

/** A guest as the directory knows them, in the words of the facts. */
async function knownUser(house: House, text: string): Promise<SignInFacts['user']> {
  const configuration = await house.configuration();
  for (const name of guestNames(text)) {
    const id = await findGuest(house, name);
    const rows = id && (await loadGuest(house.store, id, { prefixes: ['account.'] }));
    if (!rows) continue;
    const guest = rows.guest.value;
    const [identity] = guest.identities;
    const partner = identity && configuration.partners.get(identity.partner);
    return {
      id: guest.id,
      userType: 'Guest',
      guestOrExternalUserType: guest.guestOrExternalUserType,
      groupIds: guest.groupIds,
      roleTemplateIds: [],
      ...(partner ? { homeTenantId: partner.tenantId, identityProvider: partner.type } : {}),
    };
  }
  return undefined;
}
