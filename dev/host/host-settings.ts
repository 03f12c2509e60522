import { readFile } from 'node:fs/promises';

export type HostSettings = { routePrefix: string; functionTimeoutMs: number };

const defaultTimeoutMs = 300_000;

/** What this host honours of a host.json; `undefined` reads the app's own. */
export async function readHostSettings(file: string | undefined): Promise<HostSettings> {
  const text = await readFile(file ?? new URL('../../host.json', import.meta.url), 'utf8');
  const json = JSON.parse(text) as {
    extensions?: { http?: { routePrefix?: string } };
    functionTimeout?: string;
  };
  return {
    routePrefix: json.extensions?.http?.routePrefix ?? 'api',
    functionTimeoutMs: json.functionTimeout ? timeSpanMs(json.functionTimeout) : defaultTimeoutMs,
  };
}

/** `hh:mm:ss`. */
function timeSpanMs(text: string): number {
  const parts = text.split(':').map(Number);
  const [hours = Number.NaN, minutes = Number.NaN, seconds = Number.NaN] = parts;
  const ms = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  if (!(ms > 0)) throw new Error(`host.json: functionTimeout ${text} is not hh:mm:ss`);
  return ms;
}
