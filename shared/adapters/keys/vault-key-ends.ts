import { daysMs, later } from '../../core/time.ts';
import type { Journal } from '../../ports.ts';
import type { Vault } from './vault.ts';

/** The rotation policy makes a version two months before the former ends: a month later it is overdue. */
const warnBeforeMs = 30 * daysMs;

/** An alarm for each key whose newest version ends soon, or is disabled. */
export async function warnOfEnds(
  vault: Vault,
  names: readonly string[],
  journal: Journal,
  now: Date,
): Promise<void> {
  for (const name of names) {
    const newest = await vault.newest(name).catch(() => 'unanswered' as const);
    // of a vault that does not answer the requests tell
    if (newest === 'unanswered') continue;
    const endsAt = newest?.endsAt;
    if (newest && !(endsAt && endsAt <= later(now, warnBeforeMs))) continue;
    journal.line('alarm', 'vaultKeyNotRenewed', { name, endsAt: endsAt?.toISOString() });
  }
}
