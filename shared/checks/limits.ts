import { dayOf } from '../core/time.ts';

/**
 * Wrong second factors a guest may see in one UTC day, all kinds together. With codes valid for
 * three steps of a million, 25 + 8 tries keep a guesser under 10⁻⁴ a day.
 */
export const secondFactorLimits = { knownBrowser: 8, otherBrowsers: 25 } as const;

export type Counted = {
  readonly day: string;
  readonly knownBrowser: number;
  readonly otherBrowsers: number;
};

/** Yesterday's count is over; a day that lies ahead (a clock set back) still counts. */
export function countedToday(stored: Counted | undefined, now: Date): Counted {
  const day = dayOf(now);
  return stored && stored.day >= day ? stored : { day, knownBrowser: 0, otherBrowsers: 0 };
}

export const mayTry = (counted: Counted, known: boolean): boolean =>
  known
    ? counted.knownBrowser < secondFactorLimits.knownBrowser
    : counted.otherBrowsers < secondFactorLimits.otherBrowsers;

export const withWrong = (counted: Counted, known: boolean): Counted =>
  known
    ? { ...counted, knownBrowser: counted.knownBrowser + 1 }
    : { ...counted, otherBrowsers: counted.otherBrowsers + 1 };
