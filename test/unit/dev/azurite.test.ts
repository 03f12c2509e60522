import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableClient } from '@azure/data-tables';
import { expect, test } from 'vitest';
import { startAzurite } from '../../../dev/azurite.ts';

const clientOf = (connectionString: string) =>
  TableClient.fromConnectionString(connectionString, 'things', { allowInsecureConnection: true });

test('the table service keeps its rows in a folder across starts', async () => {
  const keep = join(await mkdtemp(join(tmpdir(), 'tables-')), 'kept');
  {
    await using azurite = await startAzurite({ keep });
    const table = clientOf(azurite.connectionString);
    await table.createTable();
    await table.createEntity({ partitionKey: 'p', rowKey: 'r', value: 1 });
  }
  {
    await using azurite = await startAzurite({ keep });
    const table = clientOf(azurite.connectionString);
    expect(await table.getEntity('p', 'r')).toMatchObject({ value: 1 });
  }
  await rm(join(keep, '..'), { recursive: true });
});

test('a busy port of the table service is named', async () => {
  await using azurite = await startAzurite();
  const port = Number(new URL(azurite.url).port);
  await expect(startAzurite({ port })).rejects.toThrow(`port ${port} is in use`);
});

test('two table services in one process know nothing of each other', async () => {
  await using one = await startAzurite();
  await using other = await startAzurite();
  await clientOf(one.connectionString).createTable();
  const missing = clientOf(other.connectionString).getEntity('p', 'r');
  await expect(missing).rejects.toMatchObject({ statusCode: 404 });
});
