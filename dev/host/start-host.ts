import type { IncomingMessage, ServerResponse } from 'node:http';
import { closeServers, listen, localhostAddresses } from '../listen.ts';
import { type AppOptions, startApp } from './start-app.ts';

export type HostOptions = AppOptions & {
  /** 0 takes a free port. */
  port: number;
  /** The name `localhost` (served on both of its addresses) or one address. */
  hostname?: string;
  /**
   * Settings of the app, in `process.env` before it is loaded and until the host is closed. The
   * port is taken before, so that an app can be told its own address.
   */
  env?: HostEnv | ((url: string) => HostEnv);
};

type HostEnv = Readonly<Record<string, string | undefined>>;
type Handle = (request: IncomingMessage, response: ServerResponse) => void;

const maxHeaderBytes = 32 * 1024;

/** Serves an app's functions as Azure's host does: HTTP and timer triggers, host.json, no more. */
export async function startHost(options: HostOptions) {
  const { hostname = 'localhost' } = options;
  let handle: Handle = refuse;
  const { port, servers } = await listen((request, response) => handle(request, response), {
    port: options.port,
    addresses: hostname === 'localhost' ? localhostAddresses : [hostname],
    server: { maxHeaderSize: maxHeaderBytes },
  });
  const url = `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
  const restoreEnv = setEnv(typeof options.env === 'function' ? options.env(url) : options.env);
  let app: Awaited<ReturnType<typeof startApp>>;
  try {
    app = await startApp(options);
  } catch (error) {
    await closeServers(servers);
    restoreEnv();
    throw error;
  }
  handle = app.handle;

  let closing: Promise<void> | undefined;
  /** Takes nothing new, lets what runs finish (no longer than a function may), then closes. */
  const close = () => {
    handle = refuse;
    closing ??= closeServers(servers, app.stop()).finally(restoreEnv);
    return closing;
  };
  return {
    url,
    port,
    functions: app.functions,
    fireTimer: app.fireTimer,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Before the app is loaded and after its end. */
function refuse(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { connection: 'close' }).end();
}

function setEnv(values: HostEnv = {}): () => void {
  const former = Object.keys(values).map((name) => [name, process.env[name]] as const);
  const assign = ([name, value]: readonly [string, string | undefined]) => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  Object.entries(values).forEach(assign);
  return () => former.forEach(assign);
}
