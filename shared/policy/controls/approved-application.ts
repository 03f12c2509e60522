import { type ControlDefinition, satisfied, unsatisfiable } from './control.ts';
import { isPhone, managedHereWith, registerOrFail } from './managed-device.ts';

/** @see Graph: conditionalAccessGrantControl approvedApplication */
export const approvedApplication: ControlDefinition = {
  kind: 'builtIn',
  control: {
    name: 'approvedApplication',
    interactive: false,
    metBy: 'urn:user:registerdevice',
    facts: ['device', 'devicePlatform', 'deviceRegistrationEnabled'],
    judge({ facts }) {
      if (!isPhone(facts)) return unsatisfiable(53002, 'not on iOS or Android');
      if (managedHereWith(facts, 'approvedClientApp'))
        return satisfied('an approved app on a device managed here');
      return registerOrFail(facts, 53002);
    },
  },
};
