import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type TableConfiguration from 'azurite/dist/src/table/TableConfiguration.js';
import type TableServer from 'azurite/dist/src/table/TableServer.js';

const require = createRequire(import.meta.url);

// the well-known account of every development storage; it opens nothing else
const account = 'devstoreaccount1';
const key =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** A table service in this process: in memory, or kept in a folder across starts. */
export async function startAzurite(options: { port?: number; keep?: string } = {}) {
  const { port = 0, keep } = options;
  if (keep) await mkdir(keep, { recursive: true });
  const { Configuration, Server } = loadAzurite();
  const configuration = new Configuration(
    '127.0.0.1',
    port,
    5,
    keep ? join(keep, 'tables.json') : '',
    false,
    false,
    undefined,
    undefined,
    false,
    false,
    '',
    '',
    '',
    undefined,
    true,
    !keep,
  );
  const server = new Server(configuration);
  await server.start().catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`port ${port} is in use: the table service needs it, or another`, {
      cause: error,
    });
  });
  const url = `${server.getHttpServerAddress()}/${account}`;
  let closing: Promise<void> | undefined;
  /** Writes what is kept to its folder; a killed process loses the last seconds. */
  const close = () => {
    closing ??= server.close();
    return closing;
  };
  return {
    url,
    account,
    key,
    connectionString: tableConnectionString(url),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** For the service itself, or for a proxy in front of it. */
export function tableConnectionString(url: string): string {
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${account}`,
    `AccountKey=${key}`,
    `TableEndpoint=${url};`,
  ].join(';');
}

function loadAzurite() {
  const { default: Configuration } = require('azurite/dist/src/table/TableConfiguration.js') as {
    default: typeof TableConfiguration;
  };
  const { default: Server } = require('azurite/dist/src/table/TableServer.js') as {
    default: typeof TableServer;
  };
  return { Configuration, Server };
}
