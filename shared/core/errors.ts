/**
 * Faults: what must not happen and is answered all the same. Expected outcomes (a wrong code, an
 * unknown client) are values, not faults.
 *
 * `status` is the HTTP status; `oauth` the `error` of a token or authorization answer; `graph` the
 * `error.code` of an admin answer. Pages say the same in the guest's words (`web/copy`).
 */
const catalogue = {
  requestTooLarge: { status: 413, oauth: 'invalid_request', graph: 'RequestTooLarge' },
  requestMalformed: { status: 400, oauth: 'invalid_request', graph: 'BadRequest' },
  mediaTypeUnsupported: { status: 415, oauth: 'invalid_request', graph: 'BadRequest' },
  crossSiteRequest: { status: 403, oauth: 'access_denied', graph: 'Authorization_RequestDenied' },
  /** Behind Front Door: the request did not come through ours. */
  wayRoundFrontDoor: { status: 403, oauth: 'access_denied', graph: 'Authorization_RequestDenied' },
  storageUnavailable: {
    status: 503,
    oauth: 'temporarily_unavailable',
    graph: 'ServiceUnavailable',
  },
  storedRowUnreadable: { status: 500, oauth: 'server_error', graph: 'InternalServerError' },
  storedRowTooLarge: { status: 500, oauth: 'server_error', graph: 'InternalServerError' },
  configurationMissing: {
    status: 503,
    oauth: 'temporarily_unavailable',
    graph: 'ServiceUnavailable',
  },
  configurationUnreadable: { status: 503, oauth: 'server_error', graph: 'ServiceUnavailable' },
  clientAddressUnknown: {
    status: 503,
    oauth: 'temporarily_unavailable',
    graph: 'ServiceUnavailable',
  },
  countryUnknown: { status: 503, oauth: 'temporarily_unavailable', graph: 'ServiceUnavailable' },
  homeUnavailable: { status: 503, oauth: 'temporarily_unavailable', graph: 'ServiceUnavailable' },
  keyUnavailable: { status: 503, oauth: 'temporarily_unavailable', graph: 'ServiceUnavailable' },
  /** The platform gives this app no token for what it uses. */
  identityUnavailable: {
    status: 503,
    oauth: 'temporarily_unavailable',
    graph: 'ServiceUnavailable',
  },
  sealBroken: { status: 500, oauth: 'server_error', graph: 'InternalServerError' },
  busy: { status: 503, oauth: 'temporarily_unavailable', graph: 'ServiceUnavailable' },
  unexpected: { status: 500, oauth: 'server_error', graph: 'InternalServerError' },
} as const satisfies Record<string, { status: number; oauth: string; graph: string }>;

export type FaultCode = keyof typeof catalogue;

/** `detail` names the part that failed (a field, a row kind), for the log and, where safe, the answer. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly detail: string | undefined;

  constructor(code: FaultCode, options: { detail?: string; cause?: unknown } = {}) {
    super(options.detail ? `${code}: ${options.detail}` : code, { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
  }

  get status(): number {
    return catalogue[this.code].status;
  }
  get oauthError(): string {
    return catalogue[this.code].oauth;
  }
  get graphCode(): string {
    return catalogue[this.code].graph;
  }
}

/** Anything thrown, as a fault; what is not ours is `unexpected`. */
export function asFault(thrown: unknown): Fault {
  return thrown instanceof Fault ? thrown : new Fault('unexpected', { cause: thrown });
}
