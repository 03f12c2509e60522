import type { Administrator, AdminRole, Admission } from '../flows/admin/admit.ts';
import type { WebResponse } from './headers.ts';
import { graphError } from './json.ts';
import type { WebRequest } from './request.ts';
import { bearerOf, type Served, serve } from './serve.ts';

/** What an administrator is about to do, and the roles of which one allows it. */
export type Act = { readonly activity: string; readonly anyOf: readonly AdminRole[] };

type Admit<House> = (
  house: House,
  act: Act & { readonly token: string | undefined },
  now: Date,
) => Promise<Admission>;

/**
 * One request of an administrator: nobody's body is read, and no work begun, before `admit` has said
 * who it is and that they may.
 */
export function serveAdministrators<House extends Served, Request extends WebRequest>(
  open: () => House,
  admission: () => Promise<{ readonly admit: Admit<House> }>,
  actOf: (request: Request) => Act,
  work: (
    request: Request,
    house: House,
    now: Date,
    administrator: Administrator,
  ) => Promise<WebResponse>,
): (request: Request) => Promise<WebResponse> {
  return serve('graph', open, async (request: Request, house, now) => {
    const { admit } = await admission();
    const admitted = await admit(house, { ...actOf(request), token: bearerOf(request) }, now);
    return admitted.kind === 'admitted'
      ? work(request, house, now, admitted.administrator)
      : refusalOf(admitted);
  });
}

function refusalOf(admission: Exclude<Admission, { kind: 'admitted' }>): WebResponse {
  if (admission.kind === 'unauthenticated') {
    const message = 'The access token is missing or not valid.';
    return graphError(401, 'InvalidAuthenticationToken', message);
  }
  const roles = admission.needed.join(', ');
  return graphError(403, 'Authorization_RequestDenied', `This needs one of the roles ${roles}.`);
}
