const sliceMs = 200;

export function cpuMsSince(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

/**
 * How often a second the work is done, for one of `count` things after the other. By CPU time, which
 * others on the same core do not lengthen, and looked at ever more seldom, since looking costs time.
 */
export function perSecond(work: (at: number) => number, count: number): number {
  let done = 0;
  let sum = 0;
  const started = process.cpuUsage();
  for (let batch = 1; ; batch *= 2) {
    for (let i = 0; i < batch; i++) sum += work(done++ % count);
    const tookMs = cpuMsSince(started);
    // what was worked out is used, so that nothing can be left out
    if (tookMs >= sliceMs && sum >= 0) return (done / tookMs) * 1000;
  }
}

/** The same for work that may answer later. */
export async function perSecondAwaited(
  work: (at: number) => readonly unknown[] | Promise<readonly unknown[]>,
  count: number,
): Promise<number> {
  let done = 0;
  let sum = 0;
  const started = process.cpuUsage();
  for (let batch = 1; ; batch *= 2) {
    for (let i = 0; i < batch; i++) sum += (await work(done++ % count)).length;
    const tookMs = cpuMsSince(started);
    if (tookMs >= sliceMs && sum >= 0) return (done / tookMs) * 1000;
  }
}

/** Decisions a second, over the sign-ins in turn. */
export const decisionsPerSecond = <Facts>(
  decide: (facts: Facts) => { readonly outcome: string },
  signIns: readonly Facts[],
): number =>
  perSecond((at) => Number(decide(signIns[at] as Facts).outcome === 'block'), signIns.length);
