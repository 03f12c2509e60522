import type { KnownMethod } from '../known-facts.ts';
import { secondFactors } from '../methods.ts';
import { isObject } from '../wire.ts';
import {
  type Control,
  type ControlDefinition,
  type ControlVerdict,
  impossible,
  type Judgement,
  satisfied,
  unknownControl,
  unsatisfiable,
} from './control.ts';
import { challenge, register, sortedModes, stepUpAtHome } from './second-factor.ts';
import { allowedBy, type Combination, strengthSchema } from './strength-table.ts';

const name = 'authenticationStrength';

/** Whether one of `methods` serves as `mode` in this combination. */
function serves(mode: string, methods: readonly KnownMethod[], { aaguids }: Combination): boolean {
  return methods.some(
    (m) =>
      m.mode === mode && (mode !== 'fido2' || aaguids === undefined || aaguids.has(m.aaguid ?? '')),
  );
}

/**
 * The modes to add so that a combination is complete: undefined when one of them is not available,
 * empty when nothing is missing. Only second factors can be added; the first is done.
 */
function missing(
  combination: Combination,
  counted: readonly KnownMethod[],
  available: (mode: string) => boolean,
): readonly string[] | undefined {
  const open = combination.modes.filter((mode) => !serves(mode, counted, combination));
  return open.every((mode) => secondFactors.has(mode) && available(mode)) ? open : undefined;
}

function judge(allowed: readonly Combination[], judgement: Judgement): ControlVerdict {
  const { facts, counted } = judgement;
  if (allowed.some((c) => c.modes.every((mode) => serves(mode, counted, c))))
    return satisfied('the methods used fit an allowed combination');
  const homeFits = allowed.some((c) => c.modes.join() === 'federatedMultiFactor');
  if (homeFits && facts.trust.mfa && facts.homeStepUp)
    return stepUpAtHome('the home can be asked for MFA');
  const registered = facts.registered?.methods ?? [];
  const held = allowed.flatMap(
    (c) => missing(c, counted, (mode) => serves(mode, registered, c)) ?? [],
  );
  if (held.length > 0) return challenge(sortedModes(held), 'a registered method fits');
  const offered = allowed.flatMap((c) => {
    const isHeld = (mode: string): boolean => serves(mode, registered, c);
    const open = missing(c, counted, (mode) => isHeld(mode) || facts.registrable.includes(mode));
    return (open ?? []).filter((mode) => !isHeld(mode));
  });
  if (offered.length === 0)
    return unsatisfiable(53003, 'no method here fits an allowed combination');
  return register(sortedModes(offered), judgement);
}

/** @see Graph: authenticationStrengthPolicy */
export const authenticationStrength: ControlDefinition = {
  kind: 'member',
  member: name,
  schema: strengthSchema,
  read(value, world): readonly Control[] {
    if (!isObject(value)) return [unknownControl(name)];
    const allowed = allowedBy(value, world.strengths);
    if (allowed === undefined)
      return [impossible(name, true, 53003, 'what the strength allows is not known')];
    return [
      {
        name,
        interactive: true,
        metBy: 'urn:user:registersecurityinfo',
        facts: [
          'authentication',
          'registeredMethods',
          'registrableMethods',
          'inboundTrust',
          'homeStepUp',
        ],
        judge: (judgement) => judge(allowed, judgement),
      },
    ];
  },
};
