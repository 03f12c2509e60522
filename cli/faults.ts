import { z } from 'zod';
import { graphErrorBody } from '../shared/api/mfa.ts';
import { CliError, exitCodes } from './cli-error.ts';

const oauthErrorBody = z.object({ error: z.string(), error_description: z.string().optional() });

type Refusal = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
};

/** An answer of the admin API that is not 2xx, in words. */
export function faultOf(what: string, refusal: Refusal): CliError {
  const graph = graphErrorBody.safeParse(refusal.body);
  const error = graph.success ? graph.data.error : undefined;
  const details = (error?.details ?? []).map(({ target, message }) => ({ target, message }));
  // The message of an answer with details only repeats the first of them.
  const message =
    details.length > 0
      ? `refused with ${details.length} ${details.length === 1 ? 'fault' : 'faults'}`
      : (error?.message ?? 'the answer says no more');
  const status = error ? `${refusal.status} ${error.code}` : String(refusal.status);
  return new CliError(`${what}: ${status}: ${message}`, {
    exitCode: exitCodeOf(refusal.status),
    status: refusal.status,
    fix: fixes[refusal.status] ?? againFix(refusal, error !== undefined),
    details,
  });
}

/** An answer of the token endpoint that is not 2xx, in words. */
export function tokenFaultOf(issuer: string, refusal: Refusal): CliError {
  const oauth = oauthErrorBody.safeParse(refusal.body);
  const said = oauth.success
    ? `${oauth.data.error}: ${oauth.data.error_description ?? ''}`
    : 'the answer says no more';
  return new CliError(`signing in at ${issuer}: ${refusal.status} ${said}`, {
    exitCode: exitCodeOf(refusal.status),
    status: refusal.status,
    fix: oauth.success ? (tokenFixes[oauth.data.error] ?? againFix(refusal)) : againFix(refusal),
  });
}

const exitCodeOf = (status: number) =>
  status >= 400 && status < 500 ? exitCodes.refused : exitCodes.unavailable;

const fixes: Readonly<Record<number, string>> = {
  400: 'correct what is named and run the command again',
  401: 'get a new token: VESTIBULE_TOKEN has ended or is for another gateway',
  403: 'add the role to appRoles of this client in apps/*.json, or use a client that has it',
  404: 'check the name and VESTIBULE_ISSUER',
  412: 'look at what changed with `vestibule config diff`, then apply with the ETag of `vestibule config show`',
  413: 'send less: a configuration may have 32 MiB',
};

const tokenFixes: Readonly<Record<string, string>> = {
  invalid_client: 'check VESTIBULE_CLIENT_ID and VESTIBULE_CLIENT_SECRET',
  unauthorized_client: 'give this client appRoles in apps/*.json',
};

/** `saysWhy`: in the form of the admin API, so it is a Vestibule, and its sentence says what to do. */
function againFix({ status, headers }: Refusal, saysWhy = false): string | undefined {
  if (status >= 300 && status < 400)
    return 'set VESTIBULE_ISSUER to the address that the gateway itself uses: redirects are not followed';
  const seconds = /^\d{1,5}$/.exec(headers.get('retry-after') ?? '')?.[0];
  if (seconds !== undefined) return `try again in ${seconds} s`;
  if (status >= 500) return 'try again later';
  return saysWhy ? undefined : 'check VESTIBULE_ISSUER: is this a Vestibule?';
}
