import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';

const mailbox = z.strictObject({ address: z.email() });

/** What the gateway sends and no more: a second recipient, a header or an attachment is its fault. */
const sendBody = z.strictObject({
  senderAddress: z.email(),
  recipients: z.strictObject({ to: z.tuple([mailbox]) }),
  content: z.strictObject({
    subject: z.string().min(1),
    plainText: z.string().min(1),
    html: z.string().min(1),
  }),
  userEngagementTrackingDisabled: z.literal(true),
});

export type SendBody = z.infer<typeof sendBody>;

export type SendRequest =
  | { kind: 'send'; operationId: string | undefined; body: SendBody }
  | { kind: 'refused'; operationId: string | undefined; detail: string };

const apiVersion = '2025-09-01';

export function readSend(request: IncomingMessage, url: URL, body: Buffer): SendRequest {
  const operationId = header(request, 'operation-id')?.toLowerCase();
  const refused = (detail: string) => ({ kind: 'refused', operationId, detail }) as const;
  if (url.searchParams.get('api-version') !== apiVersion)
    return refused(`api-version must be ${apiVersion}`);
  if (operationId !== undefined && !z.guid().safeParse(operationId).success)
    return refused('Operation-Id must be a GUID');
  if (!header(request, 'content-type')?.startsWith('application/json'))
    return refused('Content-Type must be application/json');
  const parsed = sendBody.safeParse(jsonOf(body));
  return parsed.success
    ? { kind: 'send', operationId, body: parsed.data }
    : refused(z.prettifyError(parsed.error));
}

/**
 * The signature over date, host and the body's hash.
 *
 * @see Azure docs: "Sign an HTTP request" (Azure Communication Services)
 */
export function isSigned(request: IncomingMessage, body: Buffer, accessKey: string): boolean {
  const hash = createHash('sha256').update(body).digest('base64');
  const signed = `${header(request, 'x-ms-date')};${header(request, 'host')};${hash}`;
  const signature = createHmac('sha256', Buffer.from(accessKey, 'base64'))
    .update(`${request.method}\n${request.url}\n${signed}`)
    .digest('base64');
  const names = 'x-ms-date;host;x-ms-content-sha256';
  return (
    header(request, 'x-ms-content-sha256') === hash &&
    header(request, 'authorization') === `HMAC-SHA256 SignedHeaders=${names}&Signature=${signature}`
  );
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
