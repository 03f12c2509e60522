import { dayOf } from '../core/time.ts';
import type { Partition } from '../ports.ts';

/** What is over with its day, whoever's it is: partition keys begin with the day. */
export const expiring = (key: string): Partition => ({ table: 'expiring', key });

/** Everything of the days before `now`'s, for clean-up. */
export const expiredBefore = (day: Date) => ({ from: '0', to: dayOf(day) });
