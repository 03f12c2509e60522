import { randomUUID } from 'node:crypto';
import {
  EmailClient,
  type EmailClientOptions,
  type EmailMessage,
} from '@azure/communication-email';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MailFault } from '../../../dev/mail/faults.ts';
import { startMailService } from '../../../dev/mail/start-mail-service.ts';

let service: Awaited<ReturnType<typeof startMailService>>;
let client: EmailClient;

const clientOf = (connectionString: string) =>
  new EmailClient(connectionString, {
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
  });

beforeAll(async () => {
  service = await startMailService({ port: 0 });
  client = clientOf(service.connectionString);
});
afterEach(() => {
  service.rule(undefined);
  service.clear();
});
afterAll(() => service.close());

const mailTo = (address: string, subject = 'Your code'): EmailMessage => ({
  senderAddress: 'no-reply@fabrikam.example',
  recipients: { to: [{ address }] },
  content: { subject, plainText: 'Your code: 1234', html: '<p>Your code: <b>1234</b></p>' },
  disableUserEngagementTracking: true,
});
const ann = mailTo('ann@contoso.example');

type Outcome = { statusCode?: number; code?: string; name?: string };

/** The first status that the SDK asks for itself, or what it throws. */
const outcomeOf = (
  message: EmailMessage,
  options: Parameters<EmailClient['beginSend']>[1] = {},
): Promise<string | Outcome> =>
  client.beginSend(message, options).then(
    (poller) => poller.getOperationState().status,
    (thrown: unknown) => thrown as Outcome,
  );

describe('the mail service', () => {
  test('takes what the SDK sends, tells its status, and puts it into a mailbox', async () => {
    const operationId = randomUUID();
    expect(await outcomeOf(ann, { operationId })).toBe('succeeded');
    expect(service.requests).toEqual([
      { kind: 'send', operationId, fault: 'pass', status: 202 },
      { kind: 'status', operationId, fault: 'pass', status: 200 },
    ]);
    const { content, senderAddress } = ann;
    expect(service.mails).toEqual([
      {
        ...content,
        id: expect.stringMatching(/^\d+$/),
        operationId,
        from: senderAddress,
        to: 'ann@contoso.example',
        receivedAt: expect.any(Date),
      },
    ]);
  });

  test('delivers once for one operation id, in capitals too, and after the mailboxes are emptied', async () => {
    const operationId = randomUUID();
    for (const id of [operationId, operationId.toUpperCase()])
      expect(await outcomeOf(ann, { operationId: id })).toBe('succeeded');
    expect(service.mails).toHaveLength(1);
    service.clear();
    expect(await outcomeOf(ann, { operationId })).toBe('succeeded');
    expect(service.mails).toEqual([]);
  });

  test('without an operation id every send is another', async () => {
    for (const _time of [1, 2]) expect(await outcomeOf(ann)).toBe('succeeded');
    expect(new Set(service.mails.map(({ operationId }) => operationId)).size).toBe(2);
  });

  const refused: [string, number, EmailMessage][] = [
    ['no address', 400, mailTo('ann')],
    ['an empty subject', 400, mailTo('ann@contoso.example', '')],
    ['mail that is tracked', 400, { ...ann, disableUserEngagementTracking: false }],
    ['headers', 400, { ...ann, headers: { 'x-name': 'Ann' } }],
    [
      'two recipients',
      400,
      {
        ...ann,
        recipients: { to: [{ address: 'a@contoso.example' }, { address: 'b@contoso.example' }] },
      },
    ],
  ];
  test.each(refused)('refuses %s with %i', async (_title, statusCode, message) => {
    expect(await outcomeOf(message)).toMatchObject({ statusCode });
    expect(service.mails).toEqual([]);
  });

  test('refuses an operation id that is no GUID, another version, and what is not signed', async () => {
    expect(await outcomeOf(ann, { operationId: randomUUID().slice(1) })).toMatchObject({
      name: 'Error',
    });
    const another = clientOf(`endpoint=${service.url};accesskey=${btoa('another key')}`);
    await expect(another.beginSend(ann)).rejects.toMatchObject({ statusCode: 401, code: 'Denied' });
    const post = { method: 'POST', body: JSON.stringify(ann) };
    const unsigned = await fetch(`${service.url}/emails:send?api-version=2025-09-01`, post);
    const status = await fetch(`${service.url}/emails/operations/${randomUUID()}`);
    expect([unsigned.status, status.status]).toEqual([401, 401]);
    expect(service.mails).toEqual([]);
  });

  type Policy = NonNullable<EmailClientOptions['additionalPolicies']>[number]['policy'];
  type Change = (request: Parameters<Policy['sendRequest']>[0]) => void;
  const changes: [string, Change][] = [
    [
      'a body that is not the one signed',
      (request) => {
        request.body = JSON.stringify(mailTo('eve@contoso.example'));
      },
    ],
    ['a signature without its hash', ({ headers }) => headers.delete('x-ms-content-sha256')],
    ['a signature of another time', ({ headers }) => headers.set('x-ms-date', 'yesterday')],
  ];
  test.each(changes)('refuses %s', async (_title, change) => {
    const policy: Policy = {
      name: 'changed on the way',
      sendRequest: (request, next) => {
        change(request);
        return next(request);
      },
    };
    const changed = new EmailClient(service.connectionString, {
      allowInsecureConnection: true,
      additionalPolicies: [{ policy, position: 'perRetry' }],
    });
    await expect(changed.beginSend(ann)).rejects.toMatchObject({ statusCode: 401 });
  });
});

describe('faults', () => {
  const faults: [MailFault, string | Outcome, number][] = [
    ['400', { statusCode: 400, code: 'InvalidEmailAddress' }, 0],
    ['429', { statusCode: 429, code: 'TooManyRequests' }, 0],
    ['500', { statusCode: 500, code: 'InternalServerError' }, 0],
    ['503', { statusCode: 503, code: 'ServiceUnavailable' }, 0],
    ['rst-before', { code: 'ECONNRESET' }, 0],
    ['rst-after', { code: 'ECONNRESET' }, 1],
    ['drop', 'succeeded', 0],
    [{ delayMs: 1, next: '503' }, { statusCode: 503 }, 0],
  ];
  test.each(faults)('%j', async (fault, outcome, delivered) => {
    service.rule(() => fault);
    const seen = await outcomeOf(ann);
    if (typeof outcome === 'string') expect(seen).toBe(outcome);
    else expect(seen).toMatchObject(outcome);
    expect(service.mails).toHaveLength(delivered);
    expect(service.requests[0]).toMatchObject({ kind: 'send', fault });
  });

  test('hang: no answer until the caller gives up', async () => {
    service.rule(() => 'hang');
    const outcome = await outcomeOf(ann, { abortSignal: AbortSignal.timeout(80) });
    expect(outcome).toMatchObject({ name: 'AbortError' });
    expect(service.mails).toEqual([]);
  });

  test('a delay, then the mail', async () => {
    service.rule(() => ({ delayMs: 60 }));
    const started = performance.now();
    expect(await outcomeOf(ann)).toBe('succeeded');
    expect(performance.now() - started).toBeGreaterThan(50);
  });

  test.each([
    ['429', '30'],
    [{ retryAfter: '7' }, '7'],
    [{ retryAfter: undefined }, null],
  ] as const)('%j: Retry-After is %s', async (fault, expected) => {
    service.rule(() => fault);
    const { status, headers } = await fetch(`${service.url}/emails:send`, { method: 'POST' });
    expect([status, headers.get('retry-after')]).toEqual([429, expected]);
  });

  test('a rule sees how many, who and for what', async () => {
    const seen: unknown[] = [];
    service.rule((n, send) => {
      seen.push([n, send]);
      return n === 1 ? '503' : undefined;
    });
    const operationId = randomUUID();
    const to = 'ann@contoso.example';
    expect(await outcomeOf(ann, { operationId })).toMatchObject({ statusCode: 503 });
    expect(await outcomeOf(ann, { operationId })).toBe('succeeded');
    expect(seen).toEqual([
      [1, { operationId, to }],
      [2, { operationId, to }],
    ]);
  });

  test('sending limits, by the minute and by the hour', async () => {
    let now = Date.parse('2026-03-01T10:00:00Z');
    await using limited = await startMailService({
      port: 0,
      limits: { perMinute: 2, perHour: 3 },
      clock: () => new Date(now),
    });
    const sender = clientOf(limited.connectionString);
    const retryAfter = async () => {
      let header: string | undefined;
      const onResponse = ({ headers }: { headers: { get(name: string): string | undefined } }) => {
        header ??= headers.get('retry-after');
      };
      await sender.beginSend(ann, { onResponse }).catch(() => undefined);
      return header;
    };
    expect([await retryAfter(), await retryAfter()]).toEqual([undefined, undefined]);
    now += 20_000;
    expect(await retryAfter()).toBe('40');
    now += 40_000;
    expect(await retryAfter()).toBeUndefined();
    now += 60_000;
    // a refused one does not count
    expect(await retryAfter()).toBe(String(3_600 - 120));
    now += 3_480_000;
    expect(await retryAfter()).toBeUndefined();
    expect(limited.mails).toHaveLength(4);
  });
});

describe('mailboxes', () => {
  test('a test waits for a mail, and for the next one', async () => {
    const waited = service.waitForMail('Ann@Contoso.example');
    await outcomeOf(mailTo('ben@contoso.example'));
    await outcomeOf(ann);
    const first = await waited;
    expect(first.to).toBe('ann@contoso.example');
    expect(await service.waitForMail('ann@contoso.example')).toBe(first);

    const none = service.waitForMail('ann@contoso.example', { after: first, timeoutMs: 50 });
    await expect(none).rejects.toThrow('no mail to ann@contoso.example within 50 ms');
    const next = service.waitForMail('ann@contoso.example', { after: first });
    await outcomeOf(mailTo('ann@contoso.example', 'Another'));
    expect(await next).toMatchObject({ subject: 'Another' });
    expect(service.mailsTo('ANN@contoso.example')).toEqual([first, await next]);
  });

  const get = async (path: string) => {
    const response = await fetch(service.url + path);
    return { response, text: await response.text() };
  };

  test('as JSON, all or one mailbox', async () => {
    await outcomeOf(ann);
    await outcomeOf(mailTo('ben@contoso.example'));
    const all = await get('/api/mails');
    expect(JSON.parse(all.text)).toEqual(JSON.parse(JSON.stringify(service.mails)));
    const bens = await get('/api/mails?to=BEN%40contoso.example');
    expect(JSON.parse(bens.text)).toEqual([expect.objectContaining({ to: 'ben@contoso.example' })]);
  });

  test('as pages: the list of all or of one, the message, its text', async () => {
    expect((await get('/')).text).toContain('No mail yet');
    await outcomeOf(mailTo('ann@contoso.example', 'For <Ann>'));
    await outcomeOf(mailTo('ben@contoso.example', 'For Ben'));
    const [first, second] = service.mails;

    const all = (await get('/')).text;
    expect(all).toContain('For &lt;Ann&gt;');
    expect(all).toContain('For Ben');
    // the newest is open
    expect(all).toContain(`src="/mails/${second?.id}/html" sandbox>`);
    const anns = (await get('/?to=ann%40contoso.example')).text;
    expect(anns).toContain('For &lt;Ann&gt;');
    expect(anns).not.toContain('For Ben');

    const read = (await get(`/mails/${first?.id}?to=ann%40contoso.example`)).text;
    expect(read).toContain(`src="/mails/${first?.id}/html" sandbox>`);
    expect(read).toContain(`href="/mails/${first?.id}?to=ann%40contoso.example&amp;as=text"`);
    const asText = (await get(`/mails/${first?.id}?as=text`)).text;
    expect(asText).toContain('<pre>Your code: 1234</pre>');
    expect(asText).not.toContain('<iframe');

    const gone = await get('/mails/4711');
    expect([gone.response.status, gone.text]).toEqual([404, expect.stringContaining('not here')]);
  });

  test('pages run no script and fetch nothing from outside; a mail’s markup lies in a sandbox', async () => {
    await outcomeOf(ann);
    const page = await get('/');
    const policy = page.response.headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; frame-src 'self';/);
    expect(page.text).not.toMatch(/<script|https?:/);

    const markup = await get(`/mails/${service.mails[0]?.id}/html`);
    expect(markup.text).toBe(ann.content.html);
    expect(markup.response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'self'; sandbox",
    );
  });

  test('what is not there is not found, and nothing is posted to a page', async () => {
    const paths = ['/mails/4711/html', '/mails/x', '/api', '/emails', '/emails/operations'];
    const statuses = await Promise.all(
      paths.map(async (path) => (await get(path)).response.status),
    );
    expect(statuses).toEqual(paths.map(() => 404));
    expect((await fetch(service.url, { method: 'POST' })).status).toBe(405);
  });
});
