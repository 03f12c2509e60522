import { mfaResetBody, type RegistrationDetailsPage } from '../api/mfa.ts';
import type { Registration } from '../flows/admin/list-registrations.ts';
import type { ResetInput, ResetResult } from '../flows/admin/reset-mfa.ts';
import { badRequest, readBody } from './admin-body.ts';
import type { WebResponse } from './headers.ts';
import { graphError, jsonAnswer } from './json.ts';
import { readQuery, type WebRequest } from './request.ts';

const maxBytes = 16 * 1024;

type ReadReset =
  | { readonly kind: 'read'; readonly body: Omit<ResetInput, 'administrator'> }
  | { readonly kind: 'bad'; readonly response: WebResponse };

export async function readResetRequest(request: WebRequest): Promise<ReadReset> {
  const idempotencyKey = request.headers.get('idempotency-key') ?? undefined;
  if (idempotencyKey !== undefined && !/^[\x21-\x7e]{1,128}$/.test(idempotencyKey))
    return {
      kind: 'bad',
      response: badRequest([{ target: 'Idempotency-Key', message: '1–128 printable characters' }]),
    };
  const read = await readBody(request, mfaResetBody, { maxBytes });
  if (read.kind === 'bad') return read;
  const { id, userPrincipalName, mail, ...rest } = read.body;
  return {
    kind: 'read',
    body: { ...rest, guest: { id, userPrincipalName, mail }, idempotencyKey },
  };
}

export function resetAnswer(result: ResetResult): WebResponse {
  switch (result.kind) {
    case 'done':
      return jsonAnswer(200, result.answer);
    case 'unknownGuest':
      return graphError(404, 'Request_ResourceNotFound', 'There is no such guest.');
    case 'keyReused':
      return graphError(409, 'Conflict', 'This Idempotency-Key was used with another request.');
    case 'contended':
      return graphError(
        503,
        'ServiceUnavailable',
        'Others changed this guest at the same time. Try again.',
        {
          headers: { 'Retry-After': '1' },
        },
      );
  }
}

// ── lists ────────────────────────────────────────────────────────────────────────────────────

export type ListQuery = {
  readonly registered: boolean | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
  /** As it came, for the link to the next page. */
  readonly filter: string | undefined;
};

const defaultLimit = 100;
const maxLimit = 999;
const known = ['$filter', '$top', '$skiptoken'];

type ReadList =
  | { readonly kind: 'query'; readonly query: ListQuery }
  | { readonly kind: 'bad'; readonly response: WebResponse };

/** The part of OData that this list understands; what it does not is refused, not ignored. */
export function readListQuery(request: WebRequest): ReadList {
  const { values, duplicates } = readQuery(request);
  const bad = (target: string, message: string): ReadList => ({
    kind: 'bad',
    response: badRequest([{ target, message }]),
  });
  const [twice] = duplicates;
  if (twice !== undefined) return bad(twice.slice(0, 40), 'appears more than once');
  const strange = [...values.keys()].find((name) => !known.includes(name));
  if (strange !== undefined)
    return bad(strange.slice(0, 40), `not supported; known are ${known.join(', ')}`);
  const filter = values.get('$filter');
  const asked = /^\s*isMfaRegistered\s+eq\s+(true|false)\s*$/.exec(filter ?? '');
  if (filter !== undefined && !asked)
    return bad('$filter', 'expected isMfaRegistered eq true or false');
  const limit = Number(values.get('$top') ?? defaultLimit);
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit)
    return bad('$top', `expected 1 to ${maxLimit}`);
  const cursor = values.get('$skiptoken');
  return {
    kind: 'query',
    query: { registered: asked ? asked[1] === 'true' : undefined, limit, cursor, filter },
  };
}

export function registrationsAnswer(
  issuer: string,
  query: ListQuery,
  page: { readonly registrations: readonly Registration[]; readonly cursor?: string | undefined },
): WebResponse {
  const path = `${issuer}/v1.0/reports/authenticationMethods/userRegistrationDetails`;
  const next = new URLSearchParams({ $top: String(query.limit) });
  if (query.filter !== undefined) next.set('$filter', query.filter);
  if (page.cursor !== undefined) next.set('$skiptoken', page.cursor);
  const body: RegistrationDetailsPage = {
    '@odata.context': `${issuer}/v1.0/$metadata#reports/authenticationMethods/userRegistrationDetails`,
    ...(page.cursor === undefined ? {} : { '@odata.nextLink': `${path}?${next.toString()}` }),
    value: page.registrations.map((entry) => ({
      ...entry,
      methodsRegistered: [...entry.methodsRegistered],
    })),
  };
  return jsonAnswer(200, body);
}
