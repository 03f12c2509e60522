import type { HttpRequest } from '@azure/functions';
import { type HostOptions, startHost } from '../../../dev/host/start-host.ts';

/** A host of what `register` registers, and the lines it logs. */
export async function start(register: () => void, options: Partial<HostOptions> = {}) {
  const lines: string[] = [];
  const load = async () => register();
  const host = await startHost({ port: 0, load, log: (line) => lines.push(line), ...options });
  return Object.assign(host, { lines });
}

/** Answers what the function was given. */
export const echo = async (request: HttpRequest) => ({
  jsonBody: {
    method: request.method,
    url: request.url,
    params: request.params,
    query: [...request.query],
    headers: [...request.headers],
    body: await request.text(),
  },
});
