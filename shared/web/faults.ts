import type { Fault, FaultCode } from '../core/errors.ts';
import type { MessageKey } from '../flows/answers.ts';
import type { WebResponse } from './headers.ts';
import { graphError, oauthError } from './json.ts';
import { type Asked, respond } from './respond.ts';

export type Audience = 'page' | 'oauth' | 'graph';

/** What may be said of a fault: where it happened, its cause and its detail are for the log. */
const wording: Readonly<Record<FaultCode, readonly [MessageKey, string]>> = {
  requestTooLarge: ['tooLarge', 'The request is too large.'],
  requestMalformed: ['requestInvalid', 'The request cannot be read.'],
  mediaTypeUnsupported: ['requestInvalid', 'This content type is not accepted here.'],
  crossSiteRequest: ['crossSite', 'The request came from another site.'],
  wayRoundFrontDoor: ['requestInvalid', 'The request did not come by the public address.'],
  storageUnavailable: ['temporarilyUnavailable', 'The service is temporarily unavailable.'],
  storedRowUnreadable: ['unexpected', 'Something went wrong.'],
  storedRowTooLarge: ['unexpected', 'Something went wrong.'],
  configurationMissing: ['temporarilyUnavailable', 'The service is temporarily unavailable.'],
  configurationUnreadable: ['temporarilyUnavailable', 'The service is temporarily unavailable.'],
  clientAddressUnknown: ['temporarilyUnavailable', 'The service is temporarily unavailable.'],
  countryUnknown: ['temporarilyUnavailable', 'The service is temporarily unavailable.'],
  homeUnavailable: ['temporarilyUnavailable', 'The identity provider cannot be reached.'],
  keyUnavailable: ['temporarilyUnavailable', 'The service is temporarily unavailable.'],
  identityUnavailable: ['temporarilyUnavailable', 'The service is temporarily unavailable.'],
  sealBroken: ['unexpected', 'Something went wrong.'],
  busy: ['temporarilyUnavailable', 'The service is busy.'],
  unexpected: ['unexpected', 'Something went wrong.'],
};

const retryAfterSeconds = 30;

/**
 * A fault as its audience reads it: status, stable code and `reference`, nothing of the inside.
 * `asked` gives pages their language and every answer its time.
 */
export function faultAnswer(
  fault: Fault,
  audience: Audience,
  reference: string,
  asked: Asked,
): WebResponse {
  const [message, sentence] = wording[fault.code];
  const again = fault.status === 503 ? retryAfterSeconds : undefined;
  const answer = (): WebResponse => {
    switch (audience) {
      case 'page':
        return respond(
          {
            kind: 'page',
            page: 'message',
            status: fault.status,
            message,
            reference,
            retryAfterSeconds: again,
          },
          asked,
        );
      case 'oauth':
        return oauthError(fault.status, fault.oauthError, sentence, { correlation_id: reference });
      case 'graph':
        return graphError(fault.status, fault.graphCode, sentence, {
          requestId: reference,
          date: asked.now,
        });
    }
  };
  const response = answer();
  if (again !== undefined) response.headers['Retry-After'] = String(again);
  return response;
}
