// §5 and §11.9: authentication strengths.

import type { Facts, Method } from './facts.ts';
import { methodModes } from './facts.ts';
import { flagsOf, isConfigured, isGuid, isObject, type Json, same, wordOf } from './reading.ts';
import {
  held,
  isOver,
  isSecondFactor,
  knownToHoldNone,
  type Limit,
  provedHere,
  registrable,
  secondFactors,
  sorted,
} from './second-factors.ts';
import { open, type Standing, satisfied, unsatisfiable } from './standing.ts';

/** One combination that is allowed: every mode in it is needed. */
interface Combination {
  readonly modes: readonly string[];
  /** The models of passkeys that are allowed; nothing: any. */
  readonly models: readonly string[] | undefined;
}

const builtIn: Readonly<Record<string, readonly string[]>> = {
  '00000000-0000-0000-0000-000000000002': [...secondFactors, 'federatedMultiFactor'],
  '00000000-0000-0000-0000-000000000003': [
    'fido2',
    'windowsHelloForBusiness',
    'x509CertificateMultiFactor',
    'deviceBasedPush',
  ],
  '00000000-0000-0000-0000-000000000004': [
    'fido2',
    'windowsHelloForBusiness',
    'x509CertificateMultiFactor',
  ],
};

/** Nothing: a mode that nobody knows. */
function modesOf(combination: unknown): readonly string[] | undefined {
  const flags = isConfigured(combination) ? flagsOf(combination) : undefined;
  if (flags === undefined) return undefined;
  const modes = flags.map((flag) => wordOf(flag, methodModes));
  return modes.every((mode) => mode !== undefined) ? sorted(modes) : undefined;
}

function sameModes(one: readonly string[], other: readonly string[]): boolean {
  return one.join() === other.join();
}

/** Nothing: its configuration cannot be checked or read, so it is not allowed. */
function configured(modes: readonly string[], configurations: unknown): Combination | undefined {
  if (!isConfigured(configurations)) return { modes, models: undefined };
  if (!Array.isArray(configurations)) return undefined;
  let models: readonly string[] | undefined;
  for (const configuration of configurations) {
    if (!isObject(configuration)) return undefined;
    const applies = configuration['appliesToCombinations'];
    if (!Array.isArray(applies)) return undefined;
    const to = applies.map(modesOf);
    // It cannot be told what it restricts: nothing is allowed.
    if (to.length === 0 || to.some((entry) => entry === undefined)) return undefined;
    if (!to.some((entry) => entry !== undefined && sameModes(entry, modes))) continue;
    const allowed = configuration['allowedAAGUIDs'];
    // Without models it cannot be checked.
    if (!Array.isArray(allowed) || allowed.length === 0) return undefined;
    if (!allowed.every(isGuid)) return undefined;
    const before = models;
    models =
      before === undefined
        ? allowed
        : allowed.filter((model) => before.some((other) => same(other, model)));
  }
  return { modes, models };
}

/** Inline combinations win over the set's; then the built-in ones. Nothing: unsatisfiable. */
function combinationsOf(
  strength: Json,
  strengths: readonly Json[],
): readonly Combination[] | undefined {
  const id = strength['id'];
  const entry = strengths.find(
    (other) => typeof id === 'string' && typeof other['id'] === 'string' && same(other['id'], id),
  );
  for (const source of [strength, entry]) {
    if (source === undefined || !isConfigured(source['allowedCombinations'])) continue;
    if (!Array.isArray(source['allowedCombinations'])) return undefined;
    return source['allowedCombinations']
      .map(modesOf)
      .filter((modes) => modes !== undefined)
      .map((modes) => configured(modes, source['combinationConfigurations']))
      .filter((combination) => combination !== undefined);
  }
  const known = typeof id === 'string' ? builtIn[id] : undefined;
  return known?.map((mode) => ({ modes: [mode], models: undefined }));
}

/** The methods of this sign-in that count for a strength. */
function counting(facts: Facts, secondary: Limit): readonly Method[] {
  return facts.methods.filter((method) => {
    const ages = isSecondFactor(method.mode) || method.mode === 'federatedMultiFactor';
    if (ages && isOver(method.at, secondary, facts)) return false;
    // §5: e-mail OTP is never MFA, in no combination.
    if (method.mode === 'email') return false;
    if (method.where === undefined) return false;
    // It is a method of the home, and counts when the caller lists it.
    if (method.mode === 'federatedMultiFactor') return facts.trustMfa;
    if (method.where === 'resource') return true;
    return method.mode === 'federatedSingleFactor' || facts.trustMfa;
  });
}

function serves(method: Method, mode: string, { models }: Combination): boolean {
  if (method.mode !== mode) return false;
  if (mode !== 'fido2' || models === undefined) return true;
  const { aaguid } = method;
  return aaguid !== undefined && models.some((model) => same(model, aaguid));
}

export function strengthStanding(
  strength: Json,
  strengths: readonly Json[],
  facts: Facts,
  secondary: Limit,
  risky: boolean,
  enrolmentMeetsIt: boolean,
): Standing {
  const combinations = combinationsOf(strength, strengths);
  // Also while enrolling.
  if (combinations === undefined) return unsatisfiable(53003);
  if (enrolmentMeetsIt) return satisfied;
  const used = counting(facts, secondary);
  const isUsed = (mode: string, combination: Combination): boolean =>
    used.some((method) => serves(method, mode, combination));
  const met = combinations.some((one) => one.modes.every((mode) => isUsed(mode, one)));
  if (met) return satisfied;

  const federated = combinations.some(({ modes }) => sameModes(modes, ['federatedMultiFactor']));
  if (facts.trustMfa && facts.homeStepUp && federated) return open('stepUpAtHome');

  const isHeld = (mode: string, combination: Combination): boolean =>
    isSecondFactor(mode) &&
    (facts.registered ?? []).some((method) => serves(method, mode, combination));
  const challenges = combinations
    .filter((one) => one.modes.every((mode) => isUsed(mode, one) || isHeld(mode, one)))
    .flatMap((one) => one.modes.filter((mode) => !isUsed(mode, one)));
  if (challenges.length > 0) return open('challenge', sorted(challenges));

  // §11.1: absent never leads to a registration.
  if (facts.registered === undefined) return unsatisfiable(53003);
  const holds = held(facts);
  const possible = registrable(facts);
  const registrations = combinations
    .filter((one) =>
      one.modes.every((mode) => isUsed(mode, one) || isHeld(mode, one) || possible.includes(mode)),
    )
    .flatMap((one) => one.modes.filter((mode) => !isUsed(mode, one) && !isHeld(mode, one)));
  // For a strength registrability is tested first, then risk, then what is held.
  if (registrations.length === 0) return unsatisfiable(53003);
  if (risky) return unsatisfiable(53004);
  if (provedHere(facts, secondary).length > 0 || knownToHoldNone(facts))
    return open('register', sorted(registrations));
  return holds.length > 0 ? open('challenge', holds) : unsatisfiable(53003);
}
