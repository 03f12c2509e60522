import type { SessionControlDefinition } from './session-control.ts';
import { switchedOn } from './switched.ts';

/** @see Graph: applicationEnforcedRestrictionsSessionControl */
export const applicationEnforcedRestrictions: SessionControlDefinition = {
  name: 'applicationEnforcedRestrictions',
  read(value) {
    const members = switchedOn(value);
    return members ? (merged) => ({ ...merged, applicationEnforcedRestrictions: true }) : members;
  },
};
