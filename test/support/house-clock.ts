/** A clock that only a test moves: every step and every reader of the house looks at it. */
export type TestClock = {
  readonly now: () => Date;
  advance(ms: number): void;
  set(instant: Date): void;
};

/** Far from midnight and from the full hour, so that a story crosses them only on purpose. */
export const morning = new Date('2026-11-18T09:10:00.000Z');

export function testClock(start: Date = morning): TestClock {
  let at = start.getTime();
  return {
    now: () => new Date(at),
    advance(ms) {
      at += ms;
    },
    set(instant) {
      at = instant.getTime();
    },
  };
}
