import type { ClientAddress } from '../core/client-address.ts';
import { asFault, Fault } from '../core/errors.ts';
import { faultText, framesOf } from '../core/journal-text.ts';
import type { JsonObject } from '../core/json.ts';
import { newLogPlace, writeReference } from '../core/reference.ts';
import type { Answer, Browser } from '../flows/answers.ts';
import { readCookies } from './cookies.ts';
import { type Audience, faultAnswer } from './faults.ts';
import { securityHeaders, type WebResponse } from './headers.ts';
import { isSpeculative, type WebRequest } from './request.ts';
import { respond } from './respond.ts';

/** What serving needs of the house. */
export type Served = {
  readonly now: () => Date;
  readonly clientAddress: ClientAddress;
  readonly journal: { line(level: 'info' | 'alarm', event: 'fault', detail?: JsonObject): void };
};

/**
 * One request: the work, its answer as HTTP, and a fault as its audience reads it. `open` is called
 * here once already, so that an environment not fit to start with stops the app while it loads.
 */
export function serve<House extends Served, Request extends WebRequest>(
  audience: Audience,
  open: () => House,
  work: (request: Request, house: House, now: Date) => Promise<Answer | WebResponse>,
): (request: Request) => Promise<WebResponse> {
  open();
  return async (request) => {
    const house = open();
    const now = house.now();
    const asked = {
      method: request.method,
      acceptLanguage: request.headers.get('accept-language'),
      now,
    };
    try {
      if (!house.clientAddress.isOurWay(headersOf(request))) throw new Fault('wayRoundFrontDoor');
      if (audience === 'page' && isSpeculative(request)) return nothing();
      const answer = await work(request, house, now);
      return 'kind' in answer ? respond(answer, asked) : answer;
    } catch (thrown) {
      const fault = asFault(thrown);
      const reference = writeReference(newLogPlace(now));
      house.journal.line(fault.status >= 500 ? 'alarm' : 'info', 'fault', {
        reference,
        ...told(fault),
      });
      return faultAnswer(fault, audience, reference, asked);
    }
  };
}

/** The cookies and headers of one browser, unread, and the address that the platform saw. */
export function browserOf(
  request: WebRequest,
  house: { readonly clientAddress: ClientAddress },
): Browser {
  const cookies = readCookies(request);
  const header = headersOf(request);
  return {
    secret: cookies.browser,
    session: cookies.session,
    device: cookies.device,
    ipAddress: house.clientAddress.of(header),
    userAgent: header('user-agent'),
    platformHint: header('sec-ch-ua-platform'),
    acceptLanguage: header('accept-language'),
  };
}

const headersOf =
  (request: WebRequest) =>
  (name: string): string | undefined =>
    request.headers.get(name) ?? undefined;

/** `Authorization: Bearer` (RFC 6750 §2.1). */
export const bearerOf = (request: WebRequest): string | undefined =>
  /^bearer ([A-Za-z0-9._~+/=-]{1,8192})$/i.exec(request.headers.get('authorization') ?? '')?.[1];

const nothing = (): WebResponse => ({
  status: 204,
  headers: securityHeaders(),
  cookies: [],
  body: '',
});

/** For the journal: an unexpected fault with its place in the code. */
function told(fault: Fault): JsonObject {
  const { cause } = fault;
  if (!(cause instanceof Error)) return { code: fault.code, detail: fault.detail };
  const stack = fault.code === 'unexpected' ? framesOf(cause) : undefined;
  return { code: fault.code, detail: fault.detail, cause: faultText(cause), stack };
}
