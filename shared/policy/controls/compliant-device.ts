import { type ControlDefinition, satisfied } from './control.ts';
import { managedHereWith, registerOrFail } from './managed-device.ts';

/** @see Graph: conditionalAccessGrantControl compliantDevice */
export const compliantDevice: ControlDefinition = {
  kind: 'builtIn',
  control: {
    name: 'compliantDevice',
    interactive: false,
    metBy: 'urn:user:registerdevice',
    facts: ['device', 'authentication', 'inboundTrust', 'deviceRegistrationEnabled'],
    judge({ facts }) {
      if (facts.homeClaims.compliantDevice && facts.trust.compliantDevice)
        return satisfied('the home, trusted for it, asserted a compliant device');
      if (managedHereWith(facts, 'isCompliant')) return satisfied('compliant, and managed here');
      return registerOrFail(facts, 53000);
    },
  },
};
