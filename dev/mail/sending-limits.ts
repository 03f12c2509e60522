/** Of a custom domain at first 30 and 100, of a domain of Azure's 5 and 10. */
export type SendingLimits = { perMinute: number; perHour: number };

/** Counts what it lets through; tells how long to wait where it does not. */
export function createSendingLimits(limits: SendingLimits | undefined, clock: () => Date) {
  const windows = limits && [
    { lengthMs: 60_000, most: limits.perMinute },
    { lengthMs: 3_600_000, most: limits.perHour },
  ];
  const taken: number[] = [];

  return (): { retryAfterMs: number } | undefined => {
    const now = clock().getTime();
    const waits = (windows ?? []).map(({ lengthMs, most }) => {
      // the one that has to leave the window first
      const oldest = taken.at(-most);
      return oldest === undefined ? 0 : oldest + lengthMs - now;
    });
    const retryAfterMs = Math.max(0, ...waits);
    if (retryAfterMs > 0) return { retryAfterMs };
    taken.push(now);
    return undefined;
  };
}
