import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';

type ListenOptions = {
  /** 0 takes a free port. */
  port: number;
  /** All on one port. The first must be there; a machine without IPv6 may lack the others. */
  addresses: readonly [string, ...string[]];
  server?: ServerOptions;
};

/** Addresses behind the name `localhost`: browsers and fetch take whichever answers first. */
export const localhostAddresses = ['127.0.0.1', '::1'] as const;

const portTries = 10;

/** Serves on every address at one port; throws a sentence that names a busy port. */
export async function listen(handler: RequestListener, options: ListenOptions) {
  for (let attempt = 1; ; attempt++) {
    const servers: Server[] = [];
    try {
      let { port } = options;
      for (const address of options.addresses) {
        const server = createServer(options.server ?? {}, handler);
        const bound = await bind(server, port, address, servers.length > 0);
        if (!bound) continue;
        servers.push(server);
        port = bound.port;
      }
      return { port, servers };
    } catch (error) {
      for (const server of servers) server.close();
      if (!isBusy(error)) throw error;
      // a free port of one address may be taken on the other
      if (options.port === 0 && attempt < portTries) continue;
      throw new Error(busySentence(error, options.port), { cause: error });
    }
  }
}

/** Takes no new connection, waits for `work`, then ends every connection that is left. */
export async function closeServers(
  servers: readonly Server[],
  work: Promise<unknown> = Promise.resolve(),
): Promise<void> {
  const closed = servers.map((server) => {
    const over = once(server, 'close');
    server.close();
    return over;
  });
  await work;
  for (const server of servers) server.closeAllConnections();
  await Promise.all(closed);
}

async function bind(server: Server, port: number, address: string, mayLack: boolean) {
  try {
    server.listen({ port, host: address, ipv6Only: true });
    await once(server, 'listening');
    return server.address() as AddressInfo;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (mayLack && ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(code)) return undefined;
    throw error;
  }
}

function isBusy(error: unknown): error is NodeJS.ErrnoException & { address?: string } {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}

function busySentence(error: { address?: string }, port: number): string {
  const where = error.address?.includes(':') ? `[${error.address}]` : error.address;
  return `port ${port} is in use: something else listens on ${where}:${port}; stop it or choose another port`;
}
