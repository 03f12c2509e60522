import { setTimeout as delay } from 'node:timers/promises';
import {
  type ConfigurationApplied,
  type ConfigurationBody,
  configurationApplied,
} from '../shared/api/configuration.ts';
import { type Answer, bodyOf, type Client } from './client.ts';
import { readFolder } from './folder.ts';

export type ApplyOptions = {
  readonly dryRun?: boolean;
  /** The ETag that the caller looked at; refused (412) if the configuration is another by now. */
  readonly ifMatch?: string | undefined;
  /** Come back only when every instance decides by the new version. */
  readonly wait: boolean;
  /** Told before the wait begins. */
  readonly onWait?: () => void;
};

/** `source`: a folder's path, or its files as `readFolder` gives them. */
export async function applyFolder(
  client: Client,
  source: string | Readonly<Record<string, string>>,
  { dryRun = false, ifMatch, wait, onWait }: ApplyOptions,
): Promise<ConfigurationApplied> {
  const files = typeof source === 'string' ? await readFolder(source) : { ...source };
  const answer = await client.request('PUT', `/manage/config?dryRun=${dryRun}`, {
    body: { files } satisfies ConfigurationBody,
    ...(ifMatch === undefined ? {} : { headers: { 'If-Match': ifMatch } }),
  });
  const applied = bodyOf(configurationApplied, answer, 'PUT /manage/config');
  if (wait && !dryRun) {
    onWait?.();
    await delay(timeLeftMs(answer, applied.effectiveBy));
  }
  return applied;
}

/** Instances re-read the pointer by their own clocks. */
const marginMs = 500;
/** A wrong clock must not make this wait for hours. */
const longestMs = 30_000;

/** By the server's clock where it says its time, so that ours may be wrong. */
function timeLeftMs({ headers }: Answer, effectiveBy: string): number {
  const serverNow = Date.parse(headers.get('date') ?? '');
  const now = Number.isNaN(serverNow) ? Date.now() : serverNow;
  const left = Date.parse(effectiveBy) - now + marginMs;
  return Number.isNaN(left) ? longestMs : Math.min(Math.max(left, 0), longestMs);
}
