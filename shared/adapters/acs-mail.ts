import {
  EmailClient,
  type EmailClientOptions,
  type EmailSendOptionalParams,
} from '@azure/communication-email';
import * as z from 'zod';
import { isLoopbackHost } from '../core/loopback.ts';
import { secondsMs } from '../core/time.ts';
import type { Mail, MailMessage, MailResult, MailText } from '../ports.ts';
import type { TokenSource } from './managed-identity.ts';

export type AcsMailOptions = Access & {
  /** An address of a domain that is linked with the service. */
  readonly sender: string;
  readonly render: (message: MailMessage) => MailText;
};

type Access =
  | { readonly connectionString: string }
  | { readonly endpoint: string; readonly credential: TokenSource };

type Policy = NonNullable<EmailClientOptions['additionalPolicies']>[number]['policy'];
type Answer = Parameters<NonNullable<EmailSendOptionalParams['onResponse']>>[0];

/**
 * The mail port on Azure Communication Services. The result is read from the answer to the one
 * request; the SDK's errors quote the service's text, which may hold the address: none leaves here.
 *
 * @see Azure docs: "Azure Communication Email client library for JavaScript", "Email - Send"
 */
export function openAcsMail({ sender, render, ...access }: AcsMailOptions): Mail {
  const client = openClient(access);
  return {
    sender,
    async send(message, operationId, signal) {
      let answer: Answer | undefined;
      try {
        const { subject, plainText, html } = render(message);
        const mail = {
          senderAddress: sender,
          recipients: { to: [{ address: message.to }] },
          content: { subject, plainText, html },
          // tracking puts remote pictures and rewritten links into the mail
          disableUserEngagementTracking: true,
        };
        await client.beginSend(mail, {
          operationId,
          abortSignal: signal,
          onResponse: (response) => {
            answer ??= response;
          },
        });
      } catch (thrown) {
        if (answer === undefined) return { kind: 'unavailable', why: nameOf(thrown) };
      }
      return answer === undefined ? { kind: 'unavailable', why: 'no answer' } : read(answer);
    },
  };
}

/** `beginSend` asks for the status once by itself, and that counts against the quota: answer it here. */
const noStatusRequest: Policy = {
  name: 'no-status-request',
  sendRequest: (request, next) =>
    request.method === 'GET'
      ? Promise.resolve({
          request,
          status: 200,
          headers: request.headers,
          bodyAsText: '{"id":"-","status":"Running"}',
        })
      : next(request),
};

function openClient(access: Access): EmailClient {
  if ('credential' in access)
    return new EmailClient(access.endpoint, access.credential, optionsFor(access.endpoint));
  // read here, because the SDK quotes the key in its complaint
  const [, endpoint, key] =
    /^endpoint=([^;]+);accesskey=(.+)$/i.exec(access.connectionString) ?? [];
  if (endpoint === undefined || key === undefined || !URL.canParse(endpoint))
    throw new Error('the mail connection string must be endpoint=<url>;accesskey=<key>');
  return new EmailClient(endpoint, { key }, optionsFor(endpoint));
}

const optionsFor = (endpoint: string): EmailClientOptions => ({
  retryOptions: { maxRetries: 0 },
  redirectOptions: { maxRetries: 0 },
  // plain http shows the mail and its code to anyone on the way; this machine has no way
  allowInsecureConnection: isLoopbackHost(new URL(endpoint).hostname),
  additionalPolicies: [{ policy: noStatusRequest, position: 'perCall' }],
});

/** What the service says of the message; all else, a sender that is not linked for one, is of us. */
const messageStatuses: readonly number[] = [400, 413, 422];

const errorBody = z.object({ error: z.object({ code: z.string().regex(/^\w{1,64}$/) }) });

function read({ status, headers, parsedBody }: Answer): MailResult {
  if (status === 202) return { kind: 'accepted' };
  if (status === 429)
    return { kind: 'throttled', retryAfterMs: retryAfterMs(headers.get('retry-after')) };
  const body = errorBody.safeParse(parsedBody);
  return {
    kind: messageStatuses.includes(status) ? 'refused' : 'unavailable',
    why: body.success ? body.data.error.code : `HTTP ${status}`,
  };
}

/** Seconds or a date (RFC 9110 §10.2.3). */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * secondsMs : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** `ECONNRESET`, `AbortError`: a name, never the text. */
function nameOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown';
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name;
}
