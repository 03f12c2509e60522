import type { Health } from '../flows/health.ts';
import type { WebResponse } from './headers.ts';
import { jsonAnswer } from './json.ts';

/** As long as a configuration counts as fresh. */
const retryAfterSeconds = 5;

/** For probes one word; which part fails is for administrators. */
export function healthAnswer({ ready, dependencies }: Health, withParts: boolean): WebResponse {
  return jsonAnswer(
    ready ? 200 : 503,
    { status: ready ? 'ready' : 'notReady', ...(withParts ? { dependencies } : {}) },
    ready ? {} : { 'Retry-After': String(retryAfterSeconds) },
  );
}
