import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Found } from './checks.ts';
import { noAnswer, type Outside } from './outside.ts';

/** A workspace of Azure Monitor, and the right to read it. */
export type Logs = {
  /** `https://api.loganalytics.azure.com`, or that of another cloud. */
  readonly endpoint: string;
  /** Its customer id, a GUID. */
  readonly workspaceId: string;
  /** For the audience `https://api.loganalytics.io`. */
  readonly token: string;
  /** Logs arrive minutes late. */
  readonly pauseMs?: number;
  readonly pauses?: number;
};

/** Whether what stands in a query string is kept. What stands in the path tells that the lines have arrived. */
export async function canary(gateway: Outside, logs: Logs): Promise<Found> {
  const faults = await canaryFaults(gateway, logs).catch((thrown: unknown) => [noAnswer(thrown)]);
  return { check: 'query strings in logs', faults };
}

async function canaryFaults(gateway: Outside, logs: Logs): Promise<readonly string[]> {
  const { pauseMs = 30_000, pauses = 30 } = logs;
  const [arrived, secret] = [mark(), mark()];
  // no partner has this name: the request ends at once, and in the same lines as a real answer's
  await gateway.get(`/callback/${arrived}?state=${secret}&code=${secret}`);
  for (let pause = 0; pause < pauses; pause++) {
    await sleep(pauseMs);
    // not in any table: where queries are logged, this one is
    if (!(await tablesWith(logs, arrived)).includes('AppRequests')) continue;
    // the tables are not filled at one time
    await sleep(2 * pauseMs);
    const kept = (await tablesWith(logs, secret)).filter((table) => table !== 'LAQueryLogs');
    return kept.length === 0 ? [] : [`a query string is kept in ${kept.join(', ')}`];
  }
  return ['the request did not arrive in the logs: nothing can be said'];
}

/** Found whatever stands around it. */
const mark = (): string => `canary${randomUUID().replaceAll('-', '')}`;

/** @see Azure Monitor docs: "Logs query API: request format", "search operator" */
async function tablesWith(
  { endpoint, workspaceId, token }: Logs,
  word: string,
): Promise<readonly string[]> {
  const response = await fetch(`${endpoint}/v1/workspaces/${workspaceId}/query`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: `search "*${word}*" | distinct $table`, timespan: 'PT2H' }),
  });
  if (!response.ok) throw new Error(`the workspace answers ${response.status}`);
  const { tables, error } = (await response.json()) as {
    /** Beside rows: they are not all. */
    error?: unknown;
    tables?: readonly { readonly rows?: readonly (readonly unknown[])[] }[];
  };
  // an answer of another form must not pass for an empty one
  const rows = tables?.[0]?.rows;
  if (!rows || error !== undefined) throw new Error('the workspace’s answer is no table');
  return rows.map(([name]) => String(name)).sort();
}
