import { secondFactors } from '../methods.ts';
import {
  type ControlDefinition,
  type ControlVerdict,
  type Judgement,
  satisfied,
  unsatisfiable,
} from './control.ts';
import {
  challenge,
  heldFactors,
  holdsNone,
  register,
  sortedModes,
  stepUpAtHome,
} from './second-factor.ts';

function judge(judgement: Judgement): ControlVerdict {
  const { facts } = judgement;
  if (judgement.provedHere) return satisfied('a second factor was proved here');
  if (judgement.provedAtHome) return satisfied('the home, trusted for it, asserted MFA');
  if (facts.trust.mfa && facts.homeStepUp) return stepUpAtHome('the home can be asked for MFA');
  const held = heldFactors(judgement);
  if (held.length > 0) return challenge(held, 'no MFA in this sign-in');
  if (!holdsNone(judgement)) return unsatisfiable(53003, 'the registered methods are not known');
  const offered = sortedModes(facts.registrable.filter((mode) => secondFactors.has(mode)));
  if (offered.length === 0 && !judgement.riskApplies)
    return unsatisfiable(53003, 'no second factor can be registered');
  return register(offered, judgement);
}

/** @see Graph: conditionalAccessGrantControl mfa */
export const mfa: ControlDefinition = {
  kind: 'builtIn',
  control: {
    name: 'mfa',
    interactive: true,
    metBy: 'urn:user:registersecurityinfo',
    facts: [
      'authentication',
      'registeredMethods',
      'registrableMethods',
      'inboundTrust',
      'homeStepUp',
    ],
    judge,
  },
};
