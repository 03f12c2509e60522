import { type ControlDefinition, satisfied, unsatisfiable } from './control.ts';
import { isPhone, managedHereWith, registerOrFail } from './managed-device.ts';

/** @see Graph: conditionalAccessGrantControl compliantApplication */
export const compliantApplication: ControlDefinition = {
  kind: 'builtIn',
  control: {
    name: 'compliantApplication',
    interactive: false,
    metBy: 'urn:user:registerdevice',
    facts: ['device', 'devicePlatform', 'deviceRegistrationEnabled'],
    judge({ facts }) {
      if (!isPhone(facts)) return unsatisfiable(53009, 'not on iOS or Android');
      if (managedHereWith(facts, 'appProtectionPolicy'))
        return satisfied('a protected app on a device managed here');
      return registerOrFail(facts, 53009);
    },
  },
};
