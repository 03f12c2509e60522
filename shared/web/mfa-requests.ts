import { mfaResetBody, type UserRegistrationDetails } from '../api/mfa.ts';
import type { Registration } from '../flows/admin/list-registrations.ts';
import type { ResetInput, ResetResult } from '../flows/admin/reset-mfa.ts';
import { badRequest, readBody, unknownGuest } from './admin-body.ts';
import type { WebResponse } from './headers.ts';
import { graphError, jsonAnswer } from './json.ts';
import { badQuery, type ListQuery, pageAnswer, type ReadQuery, readListQuery } from './lists.ts';
import type { WebRequest } from './request.ts';

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
      return unknownGuest();
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

type RegistrationsQuery = ListQuery & { readonly registered: boolean | undefined };

export function readRegistrationsQuery(request: WebRequest): ReadQuery<RegistrationsQuery> {
  const read = readListQuery(request);
  if (read.kind === 'bad') return read;
  const { filter } = read.query;
  const asked = /^\s*isMfaRegistered\s+eq\s+(true|false)\s*$/.exec(filter ?? '');
  if (filter !== undefined && !asked)
    return badQuery('$filter', 'expected isMfaRegistered eq true or false');
  return {
    kind: 'query',
    query: { ...read.query, registered: asked ? asked[1] === 'true' : undefined },
  };
}

export function registrationsAnswer(
  issuer: string,
  query: ListQuery,
  page: { readonly registrations: readonly Registration[]; readonly cursor?: string | undefined },
): WebResponse {
  const value: readonly UserRegistrationDetails[] = page.registrations.map((entry) => ({
    ...entry,
    methodsRegistered: [...entry.methodsRegistered],
  }));
  return pageAnswer(
    issuer,
    'reports/authenticationMethods/userRegistrationDetails',
    { ...query, cursor: page.cursor },
    value,
  );
}
