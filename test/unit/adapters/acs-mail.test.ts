import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { MailFault } from '../../../dev/mail/faults.ts';
import { startMailService } from '../../../dev/mail/start-mail-service.ts';
import { openAcsMail } from '../../../shared/adapters/acs-mail.ts';
import type { MailMessage, MailResult, MailText } from '../../../shared/ports.ts';

const sender = 'no-reply@fabrikam.example';
const to = 'gus@adatum.example';
const code = '31415926';
const now = new Date('2026-03-01T10:00:00Z');
const message: MailMessage = {
  kind: 'passcode',
  to,
  languages: {},
  organisation: { name: 'Fabrikam', accentColour: '#005ea5' },
  code,
  app: 'Woodgrove',
  requestedAt: now,
  expiresAt: now,
};
const text: MailText = {
  subject: 'Ihr Code für Fabrikam 🔑',
  plainText: `Ihr Code: ${code}\n\nBis gleich – Fabrikam`,
  html: `<p>Ihr Code: <b>${code}</b></p><p>Bis gleich – Fabrikam</p>`,
};

let service: Awaited<ReturnType<typeof startMailService>>;
beforeAll(async () => {
  service = await startMailService({ port: 0 });
});
afterEach(() => {
  service.rule(undefined);
  service.clear();
});
afterAll(() => service.close());

type Sending = { connectionString?: string; signal?: AbortSignal; operationId?: string };

async function send(sending: Sending = {}): Promise<MailResult> {
  const {
    connectionString = service.connectionString,
    signal = AbortSignal.timeout(5_000),
    operationId = randomUUID(),
  } = sending;
  const mail = openAcsMail({ connectionString, sender, render: () => text });
  const result = await mail.send(message, operationId, signal);
  const said = JSON.stringify(result);
  for (const secret of [to, code, connectionString.split('accesskey=')[1]])
    expect(said).not.toContain(secret);
  return result;
}

const sent = () => service.requests.map(({ kind, status }) => `${kind} ${status}`);

describe('what is sent', () => {
  test('one request without a status request, one mail as rendered', async () => {
    const operationId = randomUUID();
    expect(await send({ operationId })).toEqual({ kind: 'accepted' });
    expect(service.requests).toEqual([{ kind: 'send', operationId, fault: 'pass', status: 202 }]);
    expect(service.mails).toMatchObject([{ to, from: sender, operationId, ...text }]);
  });

  test('the same operation id again: accepted again, one mail', async () => {
    const operationId = randomUUID();
    for (const _time of [1, 2]) expect(await send({ operationId })).toEqual({ kind: 'accepted' });
    expect(sent()).toEqual(['send 202', 'send 202']);
    expect(service.mails).toHaveLength(1);
  });

  test('an answer that was lost is asked for again by the same id: one mail', async () => {
    const operationId = randomUUID();
    service.rule((n) => (n === 1 ? 'rst-after' : 'pass'));
    expect(await send({ operationId })).toMatchObject({ kind: 'unavailable' });
    expect(await send({ operationId })).toEqual({ kind: 'accepted' });
    expect(service.mails).toHaveLength(1);
  });

  test('nobody is written to in plain http beyond this machine', async () => {
    const connectionString = 'endpoint=http://mail.fabrikam.example/;accesskey=a2V5';
    expect(await send({ connectionString })).toEqual({ kind: 'unavailable', why: 'Error' });
  });

  test('tells from whom', () => {
    const { connectionString } = service;
    expect(openAcsMail({ connectionString, sender, render: () => text }).sender).toBe(sender);
  });

  test('a connection string that is none is refused without being quoted', () => {
    const open = () =>
      openAcsMail({ connectionString: 'endpoint=;accesskey=s3cret', sender, render: () => text });
    expect(open).toThrow(/^the mail connection string must be [^:]+$/);
    expect(open).not.toThrow('s3cret');
  });
});

const results: [MailFault, MailResult][] = [
  ['pass', { kind: 'accepted' }],
  ['drop', { kind: 'accepted' }],
  [{ delayMs: 20 }, { kind: 'accepted' }],
  ['400', { kind: 'refused', why: 'InvalidEmailAddress' }],
  ['429', { kind: 'throttled', retryAfterMs: 30_000 }],
  [{ retryAfter: '0' }, { kind: 'throttled', retryAfterMs: 0 }],
  [{ retryAfter: undefined }, { kind: 'throttled', retryAfterMs: undefined }],
  [{ retryAfter: 'soon' }, { kind: 'throttled', retryAfterMs: undefined }],
  [{ retryAfter: 'Thu, 01 Jan 1970 00:00:00 GMT' }, { kind: 'throttled', retryAfterMs: 0 }],
  ['500', { kind: 'unavailable', why: 'InternalServerError' }],
  ['503', { kind: 'unavailable', why: 'ServiceUnavailable' }],
  ['rst-before', { kind: 'unavailable', why: 'ECONNRESET' }],
  ['rst-after', { kind: 'unavailable', why: 'ECONNRESET' }],
];

test.each(results)('%j: one request, %j', async (fault, result) => {
  service.rule(() => fault);
  expect(await send()).toEqual(result);
  expect(service.requests).toHaveLength(1);
});

describe('what else may happen', () => {
  test('Retry-After as a date', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now });
    service.rule(() => ({ retryAfter: 'Sun, 01 Mar 2026 10:01:30 GMT' }));
    try {
      expect(await send()).toEqual({ kind: 'throttled', retryAfterMs: 90_000 });
    } finally {
      vi.useRealTimers();
    }
  });

  test('no answer until the caller gives up', async () => {
    service.rule(() => 'hang');
    const result = await send({ signal: AbortSignal.timeout(100) });
    expect(result).toEqual({ kind: 'unavailable', why: 'AbortError' });
    expect(sent()).toEqual(['send undefined']);
  });

  test('given up before it began: nothing is sent', async () => {
    const result = await send({ signal: AbortSignal.abort() });
    expect(result).toEqual({ kind: 'unavailable', why: 'AbortError' });
    expect(service.requests).toEqual([]);
  });

  test('a key that is not the service’s says nothing of the message', async () => {
    const connectionString = `endpoint=${service.url}/;accesskey=${btoa('another key')}`;
    expect(await send({ connectionString })).toEqual({ kind: 'unavailable', why: 'Denied' });
    expect(service.mails).toEqual([]);
  });

  test('a mail that cannot be put in words is not sent, and nothing is thrown', async () => {
    const mail = openAcsMail({
      connectionString: service.connectionString,
      sender,
      render: () => {
        throw new TypeError(`no words for ${to}`);
      },
    });
    const result = await mail.send(message, randomUUID(), AbortSignal.timeout(1_000));
    expect(result).toEqual({ kind: 'unavailable', why: 'TypeError' });
    expect(service.requests).toEqual([]);
  });
});

/** Sends to a service that answers as it is told. */
async function sendTo(listener: RequestListener) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const connectionString = `endpoint=http://127.0.0.1:${port};accesskey=a2V5`;
    return { result: await send({ connectionString }), seen };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const body = JSON.stringify({ error: { code: `for ${to}`, message: to } });

describe('services that answer otherwise', () => {
  test.each([
    [400, 'refused'],
    [413, 'refused'],
    [422, 'refused'],
    ...[200, 201, 204, 301, 307, 401, 403, 404, 408, 409, 502, 504].map(
      (status) => [status, 'unavailable'] as const,
    ),
  ] as const)('%i with a code that is no code: %s, once, by its number', async (status, kind) => {
    const { result, seen } = await sendTo((request, response) => {
      const location = `http://${request.headers.host}/elsewhere`;
      response.writeHead(status, { 'content-type': 'application/json', location });
      response.end(status === 204 ? undefined : body);
    });
    expect(result).toEqual({ kind, why: `HTTP ${status}` });
    expect(seen).toEqual(['POST /emails:send?api-version=2025-09-01']);
  });

  test.each(['', '<html>', '{"id":', '[]', 'null'])(
    '202 with the body %j: accepted',
    async (odd) => {
      const { result, seen } = await sendTo((_request, response) => {
        const location = 'http://192.0.2.1/emails/operations/1';
        response.writeHead(202, {
          'content-type': 'application/json',
          'operation-location': location,
        });
        response.end(odd);
      });
      expect(result).toEqual({ kind: 'accepted' });
      expect(seen).toHaveLength(1);
    },
  );
});
