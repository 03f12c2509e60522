import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { collectRegistrations, type Registration } from './functions-core.ts';
import { readHostSettings } from './host-settings.ts';
import { createRoutes, type HttpFunction, type Route } from './http-functions.ts';
import type { HostLog } from './invoke.ts';
import { type RequestRecord, serveRequest } from './serve-request.ts';
import { createTimer, type TimerFunction } from './timers.ts';

export type AppOptions = {
  /**
   * The app: absolute paths of modules that register functions, or what loads them. Modules given
   * by path serve any number of hosts of one process, though each is imported once.
   */
  load: readonly string[] | (() => Promise<unknown>);
  log?: HostLog;
  onRequest?: (record: RequestRecord) => void;
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

/** The functions and what runs of them, without a door. */
export async function startApp(options: AppOptions) {
  const { log = console.log, schedule = true } = options;
  const settings = await readHostSettings(options.hostJson);
  const registrations = await loadApp(options.load);
  const routes = createRoutes(registrations, settings.routePrefix);
  const timerFunctions = registrations.flatMap(timerOf);
  refuseOthers(registrations, routes, timerFunctions);
  const timers = timerFunctions.map((timer) =>
    createTimer(timer.registration, timer.schedule, { log, scheduled: schedule }),
  );
  const functions = [...routes.map(describe), ...timerFunctions.map(describeTimer)];
  for (const line of functions.map(startLine).toSorted()) log(line);

  const serving = {
    routes,
    functionTimeoutMs: settings.functionTimeoutMs,
    maxBodyBytes: options.maxBodyBytes ?? platformMaxBodyBytes,
    hostKey: options.hostKey ?? crypto.randomUUID(),
    log,
  };
  const running = new Set<Promise<unknown>>();

  function handle(request: IncomingMessage, response: ServerResponse): void {
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

  /** Runs a timer's function now; rejects with what it throws. */
  async function fireTimer(name: string): Promise<void> {
    const timer = timers.find((candidate) => candidate.name === name);
    if (!timer) throw new Error(`no timer is named ${name}`);
    await timer.fire();
  }

  async function stop(): Promise<void> {
    const work = Promise.all([...running, ...timers.map((timer) => timer.stop())]);
    await withGrace(work, settings.functionTimeoutMs);
  }

  return { functions, handle, fireTimer, stop };
}

async function withGrace(work: Promise<unknown>, graceMs: number): Promise<void> {
  const over = new AbortController();
  const grace = setTimeout(graceMs, undefined, { signal: over.signal, ref: false });
  await Promise.race([work, grace.catch(() => undefined)]);
  over.abort();
}

async function loadApp(load: AppOptions['load']): Promise<Registration[]> {
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
