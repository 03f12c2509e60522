import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';

/**
 * What happens to one send. A status and `rst-before` never reach the service; `rst-after` does, and
 * only its answer is lost; `drop` is accepted and then never delivered.
 */
export type MailFault =
  | 'pass'
  | '400'
  | '429'
  | '500'
  | '503'
  | 'hang'
  | 'rst-before'
  | 'rst-after'
  | 'drop'
  /** 429 with this header, or without it. */
  | { retryAfter: string | undefined }
  | { delayMs: number; next?: MailFault };

export type MailAnswer = { status: number; headers?: OutgoingHttpHeaders; body: unknown };

const errorCodes = {
  400: 'InvalidEmailAddress',
  401: 'Denied',
  404: 'NotFound',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
} as const;

export function errorAnswer(status: keyof typeof errorCodes, message: string): MailAnswer {
  return { status, body: { error: { code: errorCodes[status], message } } };
}

export function throttledAnswer(retryAfter: string | undefined): MailAnswer {
  const answer = errorAnswer(429, 'made by the mail service of the local world');
  return retryAfter === undefined ? answer : { ...answer, headers: { 'retry-after': retryAfter } };
}

/** The answer that the fault leaves, none where the connection is all there is to say. */
export async function applyFault(
  fault: MailFault,
  response: ServerResponse,
  /** What was sent: services quote it in their complaints. */
  sent: string,
  take: (delivery: 'deliver' | 'drop') => MailAnswer,
): Promise<MailAnswer | undefined> {
  if (typeof fault === 'object') {
    if ('retryAfter' in fault) return throttledAnswer(fault.retryAfter);
    await setTimeout(fault.delayMs, undefined, { ref: false });
    return applyFault(fault.next ?? 'pass', response, sent, take);
  }
  switch (fault) {
    case 'pass':
      return take('deliver');
    case 'drop':
      return take('drop');
    case 'hang':
      return undefined;
    case 'rst-after':
      take('deliver');
      response.socket?.resetAndDestroy();
      return undefined;
    case 'rst-before':
      response.socket?.resetAndDestroy();
      return undefined;
    case '429':
      return throttledAnswer('30');
    case '400':
    case '500':
    case '503':
      return errorAnswer(Number(fault) as 400 | 500 | 503, `not taken: ${sent}`);
  }
}
