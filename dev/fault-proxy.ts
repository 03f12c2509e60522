import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { closeServers, listen } from './listen.ts';

/**
 * What happens to one request. `…-before` and a plain status never reach the service; `…-after`
 * do, and only their answer is lost: the write is there and the caller does not know.
 */
export type Fault =
  | 'pass'
  | 'rst-before'
  | 'rst-after'
  | '500-after'
  | 'hang'
  | 'hang-after'
  | '412'
  | '429'
  | '503'
  | { delayMs: number; next?: Fault };

/** `n` counts from 1, over all requests. */
export type ProxiedRequest = { n: number; method: string; url: string; body: string };
export type SeenRequest = ProxiedRequest & { fault: Fault };
export type FaultRule = (request: ProxiedRequest) => Fault | undefined;

type Answer = { status: number; headers: IncomingMessage['headers']; body: Buffer };

const errorCodes = {
  412: 'UpdateConditionNotSatisfied',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServerBusy',
} as const;

/**
 * Stands before a table service, whose data an outage made here leaves alone. Signatures stay
 * valid: they cover path and date, never the host.
 */
export async function startFaultProxy(targetUrl: string) {
  const target = new URL(targetUrl);
  const agent = new Agent({ keepAlive: true });
  const seen: SeenRequest[] = [];
  let rule: FaultRule = () => undefined;
  let isCut = false;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const body = await buffer(request);
    const proxied = { n: seen.length + 1, method, url, body: body.toString() };
    const fault = isCut ? 'rst-before' : (rule(proxied) ?? 'pass');
    seen.push({ ...proxied, fault });
    await apply(fault, response, () => forward(request, body));
  }

  async function apply(
    fault: Fault,
    response: ServerResponse,
    forwarded: () => Promise<Answer>,
  ): Promise<void> {
    if (typeof fault === 'object') {
      await setTimeout(fault.delayMs, undefined, { ref: false });
      await apply(fault.next ?? 'pass', response, forwarded);
      return;
    }
    switch (fault) {
      case 'hang':
        return;
      case '412':
      case '429':
      case '503':
        sendError(response, Number(fault) as keyof typeof errorCodes);
        return;
      case 'rst-before':
        response.socket?.resetAndDestroy();
        return;
      case 'hang-after':
        await forwarded();
        return;
      case 'rst-after':
        await forwarded();
        response.socket?.resetAndDestroy();
        return;
      case '500-after':
        await forwarded();
        sendError(response, 500);
        return;
      case 'pass': {
        const { status, headers, body } = await forwarded();
        response.writeHead(status, headers).end(body);
      }
    }
  }

  async function forward(request: IncomingMessage, body: Buffer): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const {
      host: _host,
      'transfer-encoding': _chunked,
      connection: _own,
      ...headers
    } = request.headers;
    const outgoing = httpRequest(
      {
        agent,
        hostname: target.hostname,
        port: target.port,
        method: request.method,
        path: request.url,
        headers: body.length > 0 ? { ...headers, 'content-length': body.length } : headers,
      },
      resolve,
    );
    outgoing.on('error', reject).end(body);
    const answer = await promise;
    const bytes = await buffer(answer);
    const { 'transfer-encoding': _also, connection: _theirs, ...answered } = answer.headers;
    return { status: answer.statusCode ?? 502, headers: answered, body: bytes };
  }

  const { port, servers } = await listen(
    (request, response) => {
      // the service is gone, or the caller: neither has anything more to say
      serve(request, response).catch(() => response.destroy());
    },
    { port: 0, addresses: ['127.0.0.1'] },
  );
  const close = async () => {
    agent.destroy();
    await closeServers(servers);
  };

  return {
    /** The target's address through this proxy. */
    url: `http://127.0.0.1:${port}${target.pathname.replace(/\/$/, '')}`,
    /** Every request so far, with what was done to it. */
    seen,
    /** From the next request on; no rule passes everything. */
    rule(next: FaultRule | undefined): void {
      rule = next ?? (() => undefined);
    },
    /** An outage: every connection is reset, those that wait for an answer too. */
    cut(): void {
      isCut = true;
      for (const server of servers) server.closeAllConnections();
    },
    restore(): void {
      isCut = false;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function sendError(response: ServerResponse, status: keyof typeof errorCodes): void {
  const code = errorCodes[status];
  const value = `${code}\nmade by the fault proxy`;
  response.writeHead(status, { 'content-type': 'application/json;odata=minimalmetadata' });
  response.end(JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value } } }));
}
