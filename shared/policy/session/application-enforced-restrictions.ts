import type { SessionControlDefinition } from './session-control.ts';
import { switchedOn, switchSchema } from './switched.ts';

/** @see Graph: applicationEnforcedRestrictionsSessionControl */
export const applicationEnforcedRestrictions: SessionControlDefinition = {
  name: 'applicationEnforcedRestrictions',
  standing: 'carried',
  schema: switchSchema({}),
  read(value) {
    const members = switchedOn(value);
    return members ? (merged) => ({ ...merged, applicationEnforcedRestrictions: true }) : members;
  },
};
