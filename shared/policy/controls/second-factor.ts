import { secondFactors } from '../methods.ts';
import { type ControlVerdict, type Judgement, unsatisfiable } from './control.ts';

/** Modes once each, sorted: the form in which methods are offered. */
export function sortedModes(modes: readonly string[]): readonly string[] {
  return modes.length < 2 ? modes : [...new Set(modes)].sort();
}

/** The second factors registered here, as far as they are known. */
export function heldFactors({ facts }: Judgement): readonly string[] {
  const modes = (facts.registered?.methods ?? []).map((method) => method.mode);
  return sortedModes(modes.filter((mode) => secondFactors.has(mode)));
}

/** True only when it is known that no second factor is registered here. */
export function holdsNone(judgement: Judgement): boolean {
  return judgement.facts.registered?.complete === true && heldFactors(judgement).length === 0;
}

export function stepUpAtHome(because: string): ControlVerdict {
  return { kind: 'open', action: 'stepUpAtHome', because };
}

export function challenge(methods: readonly string[], because: string): ControlVerdict {
  return { kind: 'open', action: 'challenge', methods, because };
}

/**
 * Registering one of `methods`. Whoever holds a second factor here proves it first: a thief with the
 * first factor alone must not add a method.
 */
export function register(methods: readonly string[], judgement: Judgement): ControlVerdict {
  if (judgement.facts.registered === undefined)
    return unsatisfiable(53003, 'the registered methods are not known');
  if (judgement.riskApplies)
    return unsatisfiable(53004, 'nothing may be registered while a risk policy applies');
  if (judgement.provedHere || holdsNone(judgement))
    return { kind: 'open', action: 'register', methods, because: 'a method can be registered' };
  const held = heldFactors(judgement);
  return held.length > 0
    ? challenge(held, 'a registered factor must be proved before another is added')
    : unsatisfiable(53003, 'the registered methods are not fully known');
}
