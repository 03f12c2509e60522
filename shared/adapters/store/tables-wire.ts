import {
  odata,
  RestError,
  TableClient,
  type TableServiceClientOptions,
  type TransactionAction,
} from '@azure/data-tables';
import { Fault } from '../../core/errors.ts';
import { isLoopbackHost } from '../../core/loopback.ts';
import type { TableName } from '../../ports.ts';
import type { TokenSource } from '../managed-identity.ts';
import { bodiesAreAscii, deletesAreConditional, submitBatch } from './tables-requests.ts';
import {
  type RowRange,
  Unanswered,
  type Where,
  type Wire,
  type WireRow,
  type Write,
} from './wire.ts';

export type TablesAccess =
  | { readonly connectionString: string }
  | { readonly url: string; readonly credential: TokenSource };

/**
 * The wire of Azure Table Storage (or Cosmos DB's Table API, or Azurite).
 *
 * @see Azure docs: "Azure Tables client library for JavaScript", "Querying tables and entities"
 */
export function openWire(access: TablesAccess): Wire {
  const clients = new Map<TableName, TableClient>();
  return wireTo((table) => {
    const client = clients.get(table) ?? openClient(access, table);
    clients.set(table, client);
    return client;
  });
}

function openClient(access: TablesAccess, table: TableName): TableClient {
  const settings: TableServiceClientOptions = {
    // one place retries, and it knows about lost answers
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    additionalPolicies: [
      { policy: deletesAreConditional, position: 'perCall' },
      { policy: bodiesAreAscii, position: 'perCall' },
    ],
  };
  if (!('connectionString' in access)) {
    return new TableClient(access.url, table, access.credential, settings);
  }
  const endpoint = /(?:^|;)\s*TableEndpoint=(http:[^;]+)/i.exec(access.connectionString)?.[1];
  // plain http carries a signature anyone on the way could use; this machine has no way
  const allowInsecureConnection =
    endpoint !== undefined && isLoopbackHost(new URL(endpoint).hostname);
  return TableClient.fromConnectionString(access.connectionString, table, {
    ...settings,
    allowInsecureConnection,
  });
}

function wireTo(clientOf: (table: TableName) => TableClient): Wire {
  return {
    async query(table, where, page, timeoutMs) {
      const client = clientOf(table);
      const abortSignal = AbortSignal.timeout(timeoutMs);
      const only = onlyKey(where);
      if (only) {
        const entity = await answered(
          () => client.getEntity(only.partition, only.key, { abortSignal }),
          { on: [404], as: 'missing' },
        );
        return { rows: entity === 'missing' ? [] : [toRow(entity)] };
      }
      let hasRows = false;
      const pages = client
        .listEntities({
          queryOptions: { filter: filterOf(where) },
          abortSignal,
          // to the SDK an answer without a list is an empty list, and to a limit that is no failures
          onResponse: ({ bodyAsText }) => {
            hasRows = bodyAsText?.includes('"value"') ?? false;
          },
        })
        .byPage({
          maxPageSize: page.limit,
          ...(page.cursor !== undefined && { continuationToken: toToken(page.cursor) }),
        });
      const answer = await answered(() => pages.next());
      if (answer.done || !hasRows) throw new Unanswered('no list of rows');
      const token = answer.value.continuationToken;
      return { rows: answer.value.map(toRow), cursor: token && toCursor(token) };
    },

    async write(table, partition, writes, timeoutMs) {
      const client = clientOf(table);
      const abortSignal = AbortSignal.timeout(timeoutMs);
      const [first] = writes;
      const send = () =>
        first && writes.length === 1
          ? writeOne(client, partition, first, abortSignal)
          : writeAll(client, partition, writes, abortSignal);
      return (await answered(send, { on: refusals, as: 'refused' })) ?? 'written';
    },

    async ensureTable(table, timeoutMs) {
      const abortSignal = AbortSignal.timeout(timeoutMs);
      await answered(() => clientOf(table).createTable({ abortSignal }));
    },
  };
}

async function writeOne(
  client: TableClient,
  partitionKey: string,
  write: Write,
  abortSignal: AbortSignal,
): Promise<void> {
  const { key: rowKey } = write;
  if (write.kind === 'delete') {
    await client.deleteEntity(partitionKey, rowKey, { etag: write.etag, abortSignal });
    return;
  }
  const entity = { ...write.properties, partitionKey, rowKey };
  if (write.kind === 'insert') await client.createEntity(entity, { abortSignal });
  else await client.updateEntity(entity, 'Replace', { etag: write.etag, abortSignal });
}

async function writeAll(
  client: TableClient,
  partitionKey: string,
  writes: readonly Write[],
  abortSignal: AbortSignal,
): Promise<void> {
  const actions = writes.map((write): TransactionAction => {
    if (write.kind === 'delete') return ['delete', { partitionKey, rowKey: write.key }];
    const entity = { ...write.properties, partitionKey, rowKey: write.key };
    return write.kind === 'insert'
      ? ['create', entity]
      : ['update', entity, 'Replace', { etag: write.etag }];
  });
  const etags = writes.flatMap((write) => (write.kind === 'delete' ? [write.etag] : []));
  const statuses = await submitBatch(client, actions, etags, abortSignal);
  // the SDK sees a refusal only where the operation's answer has a JSON body
  const bad = statuses.find((status) => status >= 300);
  if (bad !== undefined) throw new RestError('transaction', { statusCode: bad });
  if (statuses.length !== writes.length) throw new Unanswered('transaction answered in part');
}

/** A load of one exact key is a point read: the cheapest there is. */
function onlyKey(where: Where): { partition: string; key: string } | undefined {
  if (!('partition' in where) || where.rows?.length !== 1) return undefined;
  const [range] = where.rows;
  return range && 'key' in range ? { partition: where.partition, key: range.key } : undefined;
}

function filterOf(where: Where): string {
  if ('partitions' in where) {
    const { from, to } = where.partitions;
    return odata`PartitionKey ge ${from} and PartitionKey lt ${to}`;
  }
  const partition = odata`PartitionKey eq ${where.partition}`;
  if (where.rows === undefined) return partition;
  return `${partition} and (${where.rows.map(filterOfRange).join(' or ')})`;
}

function filterOfRange(range: RowRange): string {
  if ('key' in range) return odata`RowKey eq ${range.key}`;
  return odata`(RowKey ge ${range.from} and RowKey lt ${range.to})`;
}

function toRow(entity: Readonly<Record<string, unknown>>): WireRow {
  const { partitionKey, rowKey, etag, ...properties } = entity;
  if (typeof partitionKey !== 'string' || typeof rowKey !== 'string' || typeof etag !== 'string') {
    throw new Fault('storedRowUnreadable', { detail: 'row without key or etag' });
  }
  return { partition: partitionKey, key: rowKey, etag, properties };
}

/** The service's token is base64 of JSON; a cursor also has to fit in an address. */
function toCursor(token: string): string {
  return Buffer.from(token, 'base64').toString('base64url');
}

function toToken(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  try {
    JSON.parse(bytes.toString());
  } catch {
    throw new Fault('requestMalformed', { detail: 'cursor' });
  }
  return bytes.toString('base64');
}

const openStatuses: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
/** What a condition that does not hold is answered with. */
const refusals: readonly number[] = [404, 409, 412];
/** 404 and 409 that are about the table, not about a row. */
const tableCodes: ReadonlySet<string> = new Set(['TableNotFound', 'TableBeingDeleted']);

/** Sorts what the SDK throws. Its errors carry the request and so a signature: none leaves here. */
async function answered<T, R extends string = never>(
  send: () => Promise<T>,
  refusal?: { readonly on: readonly number[]; readonly as: R },
): Promise<T | R> {
  try {
    return await send();
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown instanceof Unanswered || thrown instanceof Fault)
      throw thrown;
    if (thrown.name === 'AbortError') throw new Unanswered('no answer in time');
    if (!(thrown instanceof RestError)) {
      // an address may end in a shared access signature
      const message = thrown.message.replace(/\?\S+/g, '?…');
      throw new Fault('unexpected', { cause: new Error(`${thrown.name}: ${message}`) });
    }
    const status = thrown.statusCode;
    const code = codeOf(thrown);
    if (status === undefined) throw new Unanswered(`no answer: ${code}`);
    const said = `HTTP ${status} ${code}`;
    if (openStatuses.has(status)) throw new Unanswered(said);
    if (refusal?.on.includes(status) && !tableCodes.has(code)) return refusal.as;
    throw new Fault(status === 413 ? 'storedRowTooLarge' : 'storageUnavailable', {
      cause: new Error(said),
    });
  }
}

function codeOf(error: RestError): string {
  const details: unknown = error.details;
  if (typeof details === 'object' && details !== null && 'odataError' in details) {
    const { odataError } = details;
    if (typeof odataError === 'object' && odataError !== null && 'code' in odataError) {
      if (typeof odataError.code === 'string') return odataError.code;
    }
  }
  return error.code ?? '';
}
