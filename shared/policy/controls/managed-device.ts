import type { ReasonCode } from '../codes.ts';
import type { KnownFacts } from '../known-facts.ts';
import { type ControlVerdict, unsatisfiable } from './control.ts';

/** Registering the device, where nobody manages it yet and guests may; else nothing meets the control. */
export function registerOrFail(facts: KnownFacts, code: ReasonCode): ControlVerdict {
  const unmanaged = facts.device === undefined || facts.device.managedBy === 'unmanaged';
  if (unmanaged && facts.deviceRegistrationEnabled)
    return { kind: 'open', action: 'registerDevice', because: 'the device can be registered here' };
  return unsatisfiable(
    code,
    unmanaged ? 'guests cannot register devices here' : 'the device does not meet it',
  );
}

/** True when this tenant manages the device and it carries `flag`. */
export function managedHereWith(facts: KnownFacts, flag: string): boolean {
  const { device } = facts;
  return (
    device?.managedBy === 'resource' &&
    Object.hasOwn(device.properties, flag) &&
    device.properties[flag] === true
  );
}

/** Only phones can run approved or protected apps. */
export function isPhone(facts: KnownFacts): boolean {
  return facts.devicePlatform === 'iOS' || facts.devicePlatform === 'android';
}
