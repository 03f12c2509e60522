import { createServer, type RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { openTables } from '../../../shared/adapters/store/tables.ts';
import type { Change } from '../../../shared/ports.ts';

const partition = { table: 'guests', key: 'p' } as const;
const insert = (key: string): Change => ({ kind: 'insert', key, value: {} });
const close: (() => void)[] = [];
afterEach(() => {
  for (const end of close.splice(0)) end();
});

/** The tables of a service that answers as it is told. */
async function tablesOf(answer: RequestListener) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close.push(() => server.closeAllConnections() ?? server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const connectionString = `TableEndpoint=http://127.0.0.1:${port}/account;SharedAccessSignature=sv=2020&sig=secret`;
  return { store: openTables({ connectionString, deadlineMs: 500 }), requests: () => requests };
}

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no fault',
    (thrown: unknown) => thrown,
  );

test.each([400, 401, 403, 409, 412, 413, 501])(
  '%i to a read is a fault at once',
  async (status) => {
    const { store, requests } = await tablesOf((_, response) => response.writeHead(status).end());
    for (const query of [{ keys: ['a'] }, {}]) {
      const fault = await thrownBy(store.load(partition, query));
      const code = status === 413 ? 'storedRowTooLarge' : 'storageUnavailable';
      expect(fault).toMatchObject({
        code,
        cause: { message: expect.stringContaining(`${status}`) },
      });
      expect(inspect(fault, { depth: 20, showHidden: true })).not.toContain('secret');
    }
    expect(requests()).toBe(2);
  },
);

test('404 is a missing row for one key, a fault for a query and for a missing table', async () => {
  let code = 'ResourceNotFound';
  const { store } = await tablesOf((_, response) => {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ 'odata.error': { code, message: { value: code } } }));
  });
  const unavailable = { code: 'storageUnavailable' };
  expect(await store.load(partition, { keys: ['a'] })).toEqual([]);
  await expect(store.load(partition)).rejects.toMatchObject(unavailable);
  code = 'TableNotFound';
  await expect(store.load(partition, { keys: ['a'] })).rejects.toMatchObject(unavailable);
  await expect(store.commit(partition, [insert('a')], 'o')).rejects.toMatchObject(unavailable);
});

test('an answer that is no JSON, or no table of rows, is no empty result', async () => {
  for (const body of ['', '<html>', '{"value":', '{"value":[{"d0":"{}"}]}']) {
    const { store } = await tablesOf((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
    expect(await thrownBy(store.load(partition)), body).toHaveProperty('code');
    expect(await thrownBy(store.load(partition, { keys: ['a'] })), body).toHaveProperty('code');
  }
});

/** A transaction's answer with these statuses, bodies left out. */
function batchAnswer(statuses: number[]): RequestListener {
  return (request, response) => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"value":[]}');
      return;
    }
    const parts = statuses.map(
      (status) =>
        `--changesetresponse_1\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 ${status} X\r\n\r\n`,
    );
    const body = `--batchresponse_1\r\n\r\n${parts.join('')}--changesetresponse_1--\r\n--batchresponse_1--\r\n`;
    response.writeHead(202, { 'content-type': 'multipart/mixed; boundary=batchresponse_1' });
    response.end(body);
  };
}

test.each([
  [[204, 204], 'done'],
  [[412], 'conflict'],
  [[409], 'conflict'],
])('a transaction answered %j without bodies is %s', async (statuses, expected) => {
  const { store } = await tablesOf(batchAnswer(statuses));
  expect(await store.commit(partition, [insert('a'), insert('b')], 'o')).toBe(expected);
});

test.each([[[204]], [[]], [[500]], [[204, 503]]])(
  'a transaction answered %j is not known to be stored',
  async (statuses) => {
    const { store } = await tablesOf(batchAnswer(statuses));
    await expect(store.commit(partition, [insert('a'), insert('b')], 'o')).rejects.toMatchObject({
      code: 'storageUnavailable',
    });
  },
);

test('plain http beyond this machine is refused before anything is sent', async () => {
  const connectionString = 'TableEndpoint=http://198.51.100.7/a;SharedAccessSignature=sig=secret';
  const fault = await thrownBy(openTables({ connectionString }).load(partition));
  expect(fault).toMatchObject({ code: 'unexpected' });
  expect(inspect(fault, { depth: 20, showHidden: true })).not.toContain('secret');
});

test('a managed identity gives no token to plain http', async () => {
  let asked = 0;
  const credential = {
    getToken: async () => {
      asked++;
      return { token: 'secret', expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
  const store = openTables({ url: 'http://127.0.0.1:9', credential });
  expect(await thrownBy(store.load(partition))).toMatchObject({ code: 'unexpected' });
  expect(asked).toBe(0);
});
