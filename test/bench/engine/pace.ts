import type { SignInFacts } from '../../../shared/policy/index.ts';

const sliceMs = 200;

export function cpuMsSince(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

/** By CPU time, which others on the same core do not lengthen. */
export function perSecond(
  work: (facts: SignInFacts) => { readonly outcome: string },
  signIns: readonly SignInFacts[],
): number {
  let done = 0;
  let blocked = 0;
  const started = process.cpuUsage();
  for (;;) {
    for (let i = 0; i < 5; i++) {
      const facts = signIns[done++ % signIns.length];
      if (facts && work(facts).outcome === 'block') blocked++;
    }
    const tookMs = cpuMsSince(started);
    // the count is used, so that no decision can be left out
    if (tookMs >= sliceMs && blocked >= 0) return (done / tookMs) * 1000;
  }
}
