import { type ControlDefinition, satisfied, unsatisfiable } from './control.ts';

/** A guest's device can never be hybrid joined here. @see Graph: conditionalAccessGrantControl domainJoinedDevice */
export const domainJoinedDevice: ControlDefinition = {
  kind: 'builtIn',
  control: {
    name: 'domainJoinedDevice',
    interactive: false,
    metBy: 'urn:user:registerdevice',
    facts: ['authentication', 'inboundTrust'],
    judge({ facts }) {
      if (facts.homeClaims.hybridJoinedDevice && facts.trust.hybridJoinedDevice)
        return satisfied('the home, trusted for it, asserted a hybrid joined device');
      return unsatisfiable(53001, 'no trusted home asserted a hybrid joined device');
    },
  },
};
