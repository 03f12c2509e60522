import type { SessionControlDefinition } from './session-control.ts';
import { switchedOn, switchSchema } from './switched.ts';

/** @see Graph: secureSignInSessionControl */
export const secureSignInSession: SessionControlDefinition = {
  name: 'secureSignInSession',
  standing: 'enforced',
  schema: switchSchema({}),
  read(value) {
    const members = switchedOn(value);
    return members ? (merged) => ({ ...merged, secureSignInSession: true }) : members;
  },
};
