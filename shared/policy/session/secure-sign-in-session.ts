import type { SessionControlDefinition } from './session-control.ts';
import { switchedOn, switchSchema } from './switched.ts';

/** @see Graph: secureSignInSessionControl */
export const secureSignInSession: SessionControlDefinition = {
  name: 'secureSignInSession',
  standing: 'enforced',
  schema: switchSchema({}),
  notice: 'tokens are not bound to a key yet: whoever this applies to is refused',
  read(value) {
    const members = switchedOn(value);
    return members ? (merged) => ({ ...merged, secureSignInSession: true }) : members;
  },
};
