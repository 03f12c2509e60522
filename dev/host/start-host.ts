import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { closeServers, listen, localhostAddresses } from '../listen.ts';
import { collectRegistrations, type Registration } from './functions-core.ts';
import { readHostSettings } from './host-settings.ts';
import { createRoutes, type HttpFunction, type Route } from './http-functions.ts';
import type { HostLog } from './invoke.ts';
import { type RequestRecord, serveRequest } from './serve-request.ts';
import { createTimer, type TimerFunction } from './timers.ts';

export type { RequestRecord } from './serve-request.ts';

export type HostOptions = {
  /** 0 takes a free port. */
  port: number;
  /** The name `localhost` (served on both of its addresses) or one address. */
  hostname?: string;
  /**
   * The app: absolute paths of modules that register functions, or what loads them. Modules given
   * by path serve any number of hosts of one process, though each is imported once.
   */
  load: readonly string[] | (() => Promise<unknown>);
  log?: HostLog;
  onRequest?: (record: RequestRecord) => void;
  /** Settings of the app, in `process.env` before it is loaded and until the host is closed. */
  env?: Readonly<Record<string, string | undefined>>;
  /** `false`: timers run only by `fireTimer`. */
  schedule?: boolean;
  /** Another host.json than the app's own. */
  hostJson?: string;
  /** The platform's own limit by default, 100 MB. */
  maxBodyBytes?: number;
  /** What `?code=` or `x-functions-key` must say where a function asks for a key. */
  hostKey?: string;
};

const platformMaxBodyBytes = 104_857_600;
const maxHeaderBytes = 32 * 1024;

/** Serves an app's functions as Azure's host does: HTTP and timer triggers, host.json, no more. */
export async function startHost(options: HostOptions) {
  const restoreEnv = setEnv(options.env ?? {});
  try {
    return await start(options, restoreEnv);
  } catch (error) {
    restoreEnv();
    throw error;
  }
}

async function start(options: HostOptions, restoreEnv: () => void) {
  const { log = console.log, hostname = 'localhost', schedule = true } = options;
  const settings = await readHostSettings(options.hostJson);
  const registrations = await loadApp(options.load);
  const routes = createRoutes(registrations, settings.routePrefix);
  const timerFunctions = registrations.flatMap(timerOf);
  refuseOthers(registrations, routes, timerFunctions);

  const running = new Set<Promise<unknown>>();
  const stopping = new AbortController();
  const serving = {
    routes,
    functionTimeoutMs: settings.functionTimeoutMs,
    maxBodyBytes: options.maxBodyBytes ?? platformMaxBodyBytes,
    hostKey: options.hostKey ?? crypto.randomUUID(),
    log,
  };

  function handle(request: IncomingMessage, response: ServerResponse): void {
    if (stopping.signal.aborted) {
      response.writeHead(503, { connection: 'close' }).end();
      return;
    }
    const closed = new Promise((resolve) => response.once('close', resolve));
    const served = serveRequest(request, response, serving).then(async (record) => {
      log(`${record.method} ${record.path} ${record.status} · ${callsText(record.calls)}`);
      options.onRequest?.(record);
      await closed;
    });
    // the client may be gone in the middle of its body
    const done = served.catch(() => response.destroy()).finally(() => running.delete(done));
    running.add(done);
  }

  const { port, servers } = await listen(handle, {
    port: options.port,
    addresses: hostname === 'localhost' ? localhostAddresses : [hostname],
    server: { maxHeaderSize: maxHeaderBytes },
  });
  const timers = timerFunctions.map(({ registration, schedule: text }) =>
    createTimer(registration, text, { log, scheduled: schedule }),
  );
  const functions = [...routes.map(describe), ...timerFunctions.map(describeTimer)];
  for (const line of functions.map(startLine).toSorted()) log(line);

  let closing: Promise<void> | undefined;
  async function stop(): Promise<void> {
    stopping.abort();
    const work = Promise.all([...running, ...timers.map((timer) => timer.stop())]);
    await closeServers(servers, withGrace(work, settings.functionTimeoutMs));
    restoreEnv();
  }
  /** Takes nothing new, lets what runs finish (no longer than a function may), then closes. */
  const close = () => {
    closing ??= stop();
    return closing;
  };

  return {
    url: `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`,
    port,
    functions,
    /** Runs a timer's function now; rejects with what it throws. */
    async fireTimer(name: string): Promise<void> {
      const timer = timers.find((candidate) => candidate.name === name);
      if (!timer) throw new Error(`no timer is named ${name}`);
      await timer.fire();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function withGrace(work: Promise<unknown>, graceMs: number): Promise<void> {
  const over = new AbortController();
  const grace = setTimeout(graceMs, undefined, { signal: over.signal, ref: false });
  await Promise.race([work, grace.catch(() => undefined)]);
  over.abort();
}

async function loadApp(load: HostOptions['load']): Promise<Registration[]> {
  if (typeof load === 'function') return [...(await collectRegistrations(load))];
  const registrations: Registration[] = [];
  for (const file of load) {
    const { href } = pathToFileURL(file);
    registrations.push(
      ...(await collectRegistrations(() => import(/* @vite-ignore */ href), href)),
    );
  }
  return registrations;
}

function timerOf(registration: Registration) {
  const trigger = Object.values(registration.bindings).find(({ type }) => type === 'timerTrigger');
  return trigger ? [{ registration, schedule: String(trigger['schedule']) }] : [];
}

function refuseOthers(
  all: readonly Registration[],
  routes: readonly Route[],
  timers: readonly { registration: Registration }[],
): void {
  const served = new Set([...routes, ...timers].map(({ registration }) => registration));
  const other = all.find((registration) => !served.has(registration));
  if (other) throw new Error(`function ${other.name}: the local host serves HTTP and timers only`);
}

function describe({ kind, name, methods, route, authLevel }: Route): HttpFunction {
  return { kind, name, methods, route, authLevel };
}

function describeTimer(timer: { registration: Registration; schedule: string }): TimerFunction {
  return { kind: 'timer', name: timer.registration.name, schedule: timer.schedule };
}

function startLine(entry: HttpFunction | TimerFunction): string {
  return entry.kind === 'http'
    ? `${entry.methods.join(',')} ${entry.route}  ${entry.name}`
    : `timer ${entry.schedule}  ${entry.name}`;
}

function callsText(calls: number): string {
  return calls === 1 ? '1 call' : `${calls} calls`;
}

function setEnv(values: Readonly<Record<string, string | undefined>>): () => void {
  const former = Object.keys(values).map((name) => [name, process.env[name]] as const);
  const assign = ([name, value]: readonly [string, string | undefined]) => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  Object.entries(values).forEach(assign);
  return () => former.forEach(assign);
}
