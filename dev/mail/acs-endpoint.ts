import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import {
  applyFault,
  errorAnswer,
  type MailAnswer,
  type MailFault,
  throttledAnswer,
} from './faults.ts';
import { isSigned, readSend, type SendBody } from './send-request.ts';
import { createSendingLimits, type SendingLimits } from './sending-limits.ts';

export type EndpointOptions = {
  accessKey: string;
  /** None as a rule: then nothing is throttled unasked. */
  limits?: SendingLimits;
  clock: () => Date;
  deliver: (operationId: string, body: SendBody) => void;
};

/** `n` counts sends, from 1. */
export type MailFaultRule = (
  n: number,
  send: { operationId: string | undefined; to: string | undefined },
) => MailFault | undefined;

export type SeenMailRequest = {
  kind: 'send' | 'status';
  operationId: string | undefined;
  fault: MailFault;
  /** What it was answered with; nothing yet, or never. */
  status?: number;
};

/**
 * The two operations of the service's e-mail API that the SDK knows. One mail for one operation id.
 *
 * @see Azure docs: "Email - Send", "Email - Get Send Result"
 */
export function createAcsEndpoint({ accessKey, limits, clock, deliver }: EndpointOptions) {
  const requests: SeenMailRequest[] = [];
  const operations = new Set<string>();
  const throttle = createSendingLimits(limits, clock);
  let sends = 0;
  let rule: MailFaultRule = () => undefined;

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): Promise<void> {
    const body = await buffer(request);
    const [, id] = /^\/emails\/operations\/([^/]+)$/.exec(url.pathname) ?? [];
    if (request.method === 'POST' && url.pathname === '/emails:send')
      await serveSend(request, response, url, body);
    else if (request.method === 'GET' && id !== undefined)
      answer(response, seen('status', id, 'pass'), status(request, body, id));
    else send(response, errorAnswer(404, 'no such operation'));
  }

  async function serveSend(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    body: Buffer,
  ): Promise<void> {
    const read = readSend(request, url, body);
    const { operationId } = read;
    const to = read.kind === 'send' ? read.body.recipients.to[0].address : undefined;
    const fault = rule(++sends, { operationId, to }) ?? 'pass';
    const record = seen('send', operationId, fault);
    const given = await applyFault(fault, response, body.toString(), (delivery) => {
      if (!isSigned(request, body, accessKey)) return errorAnswer(401, 'not signed with the key');
      if (read.kind === 'refused') return errorAnswer(400, read.detail);
      const wait = throttle();
      if (wait) return throttledAnswer(String(Math.ceil(wait.retryAfterMs / 1000)));
      const id = operationId ?? randomUUID();
      if (!operations.has(id) && delivery === 'deliver') deliver(id, read.body);
      operations.add(id);
      const location = `${url.origin}/emails/operations/${id}${url.search}`;
      return {
        status: 202,
        headers: { 'operation-location': location },
        body: { id, status: 'Running' },
      };
    });
    if (given) answer(response, record, given);
  }

  function status(request: IncomingMessage, body: Buffer, id: string): MailAnswer {
    if (!isSigned(request, body, accessKey)) return errorAnswer(401, 'not signed with the key');
    if (!operations.has(id)) return errorAnswer(404, 'no such operation');
    return { status: 200, body: { id, status: 'Succeeded' } };
  }

  function seen(kind: SeenMailRequest['kind'], operationId: string | undefined, fault: MailFault) {
    const record: SeenMailRequest = { kind, operationId, fault };
    requests.push(record);
    return record;
  }

  return {
    serve,
    /** Every request so far, with what was done to it. */
    requests: requests as readonly Readonly<SeenMailRequest>[],
    /** From the next send on; no rule passes everything. */
    rule(next: MailFaultRule | undefined): void {
      rule = next ?? (() => undefined);
    },
    /** Forgets what was asked, not what was sent: an operation id stays used. */
    clear(): void {
      requests.length = 0;
      sends = 0;
    },
  };
}

function answer(response: ServerResponse, record: SeenMailRequest, given: MailAnswer): void {
  record.status = given.status;
  send(response, given);
}

function send(response: ServerResponse, { status, headers, body }: MailAnswer): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
