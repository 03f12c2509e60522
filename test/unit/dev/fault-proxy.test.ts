import { type RestError, TableClient } from '@azure/data-tables';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startAzurite, tableConnectionString } from '../../../dev/azurite.ts';
import { startFaultProxy } from '../../../dev/fault-proxy.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let proxy: Awaited<ReturnType<typeof startFaultProxy>>;
let table: TableClient;
let direct: TableClient;

const quick = { allowInsecureConnection: true, retryOptions: { maxRetries: 2, retryDelayInMs: 5 } };
const noRetry = { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } };

beforeAll(async () => {
  azurite = await startAzurite();
  proxy = await startFaultProxy(azurite.url);
  const through = tableConnectionString(proxy.url);
  table = TableClient.fromConnectionString(through, 'things', quick);
  direct = TableClient.fromConnectionString(azurite.connectionString, 'things', noRetry);
  await table.createTable();
});

afterEach(() => {
  proxy.restore();
  proxy.rule(undefined);
});

afterAll(async () => {
  await proxy.close();
  await azurite.close();
});

const entity = (rowKey: string) => ({ partitionKey: 'p', rowKey, value: 1 });
const statusOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error as RestError).statusCode ?? (error as RestError).code,
  );

describe('the fault proxy', () => {
  test('passes single operations, queries and transactions on with a valid signature', async () => {
    await table.createEntity(entity('single'));
    const { etag } = await table.getEntity('p', 'single');
    await table.submitTransaction([
      ['create', entity('in-batch')],
      ['update', { ...entity('single'), value: 2 }, 'Replace', { etag }],
    ]);
    const found: string[] = [];
    const filter = "PartitionKey eq 'p' and RowKey le 'single'";
    for await (const row of table.listEntities({ queryOptions: { filter } })) {
      found.push(String(row.rowKey));
    }
    expect(found).toEqual(['in-batch', 'single']);
  });

  test('rst-after: the write is applied, its retry meets it', async () => {
    let times = 0;
    proxy.rule(({ method }) => (method === 'POST' && times++ === 0 ? 'rst-after' : undefined));
    expect(await statusOf(table.createEntity(entity('lost')))).toBe(409);
    expect(await direct.getEntity('p', 'lost')).toMatchObject({ value: 1 });
    expect(proxy.seen.slice(-2).map(({ fault }) => fault)).toEqual(['rst-after', 'pass']);
  });

  test('rst-before: the write is not applied, and its retry is', async () => {
    let times = 0;
    proxy.rule(() => (times++ === 0 ? 'rst-before' : undefined));
    await table.createEntity(entity('later'));
    expect(times).toBe(2);
  });

  test('500-after: applied, refused by its answer', async () => {
    proxy.rule(() => '500-after');
    const once = TableClient.fromConnectionString(
      tableConnectionString(proxy.url),
      'things',
      noRetry,
    );
    expect(await statusOf(once.createEntity(entity('unsure')))).toBe(500);
    expect(await direct.getEntity('p', 'unsure')).toMatchObject({ value: 1 });
  });

  test.each(['412', '429', '503'] as const)('%s: answered without the service', async (fault) => {
    proxy.rule(() => fault);
    const once = TableClient.fromConnectionString(
      tableConnectionString(proxy.url),
      'things',
      noRetry,
    );
    const work = once.createEntity(entity(`refused-${fault}`));
    const error = await work.catch((thrown: unknown) => thrown as RestError);
    expect(error).toMatchObject({ statusCode: Number(fault) });
    expect((error as { details?: unknown }).details).toMatchObject({
      odataError: { code: expect.any(String) },
    });
    expect(await statusOf(direct.getEntity('p', `refused-${fault}`))).toBe(404);
  });

  test('a delay, then what was said', async () => {
    proxy.rule(() => ({ delayMs: 60, next: '412' }));
    const started = performance.now();
    expect(await statusOf(table.createEntity(entity('slow')))).toBe(412);
    expect(performance.now() - started).toBeGreaterThan(50);
  });

  test('hang: no answer until the caller gives up', async () => {
    proxy.rule(() => 'hang');
    const abortSignal = AbortSignal.timeout(80);
    await expect(table.createEntity(entity('never'), { abortSignal })).rejects.toThrow();
  });

  test('an outage and its end leave the data alone', async () => {
    await table.createEntity(entity('kept'));
    proxy.cut();
    expect(await statusOf(table.getEntity('p', 'kept'))).toBe('ECONNRESET');
    proxy.restore();
    expect(await table.getEntity('p', 'kept')).toMatchObject({ value: 1 });
  });
});
