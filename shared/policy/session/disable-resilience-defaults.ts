import * as z from 'zod';
import type { SessionControlDefinition } from './session-control.ts';

/** A plain boolean, unlike its siblings. @see Graph: conditionalAccessSessionControls.disableResilienceDefaults */
export const disableResilienceDefaults: SessionControlDefinition = {
  name: 'disableResilienceDefaults',
  standing: 'carried',
  schema: z.boolean(),
  read(value) {
    if (typeof value !== 'boolean') return null;
    return value ? (merged) => ({ ...merged, disableResilienceDefaults: true }) : undefined;
  },
};
