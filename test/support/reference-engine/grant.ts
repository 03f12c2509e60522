// §5: the grant controls of one policy and how each of them stands.
import { coversActionUnnamed } from './applications.ts';
import { managedBy } from './devices.ts';
import type { Facts } from './facts.ts';
import { isConfigured, isGuid, isObject, type Json, wordOf } from './reading.ts';
import {
  held,
  isOver,
  knownToHoldNone,
  type Limit,
  provedHere,
  registrable,
} from './second-factors.ts';
import { open, type Standing, satisfied, unsatisfiable } from './standing.ts';
import { strengthStanding } from './strengths.ts';
import { termsStanding } from './terms.ts';

/** §5 prompt order; inside a slot as §11.11 says. */
export const promptOrder = [
  'signInFrequency',
  'authenticationStrength',
  'mfa',
  'compliantDevice',
  'domainJoinedDevice',
  'approvedApplication',
  'compliantApplication',
  'passwordChange',
  'riskRemediation',
  'termsOfUse',
  'custom',
  'unknown',
];

export interface Control {
  /** A name of the prompt order, or `block`. */
  readonly name: string;
  readonly termsId: string | undefined;
  readonly standing: Standing;
}

/** What the controls are judged by, beside the policy itself. */
export interface Judging {
  readonly facts: Facts;
  readonly strengths: readonly Json[];
  readonly terms: readonly Json[];
  /** §11.10: the merged secondary limit. */
  readonly secondary: Limit;
  /** An applying enabled policy has a sign-in-risk or user-risk condition. */
  readonly risky: boolean;
}

const builtInControls = [
  'block',
  'mfa',
  'compliantDevice',
  'domainJoinedDevice',
  'approvedApplication',
  'compliantApplication',
  'passwordChange',
  'riskRemediation',
];

function mfa({ facts, secondary, risky }: Judging): Standing {
  if (provedHere(facts, secondary).length > 0) return satisfied;
  if (facts.homeMfa && facts.trustMfa && !isOver(facts.homeMfaAt, secondary, facts))
    return satisfied;
  if (facts.trustMfa && facts.homeStepUp) return open('stepUpAtHome');
  const holds = held(facts);
  if (holds.length > 0) return open('challenge', holds);
  if (!knownToHoldNone(facts)) return unsatisfiable(53003);
  // §11.7: for `mfa` the risk rule is tested first.
  if (risky) return unsatisfiable(53004);
  const methods = registrable(facts);
  return methods.length > 0 ? open('register', methods) : unsatisfiable(53003);
}

/** §11.8: an unmanaged device may be registered here. */
function otherwiseRegister(facts: Facts, code: number): Standing {
  if (managedBy(facts) === 'nobody' && facts.deviceRegistration) return open('registerDevice');
  return unsatisfiable(code);
}

function compliantDevice(facts: Facts): Standing {
  if (facts.homeCompliant && facts.trustCompliant) return satisfied;
  if (managedBy(facts) === 'resource' && facts.device?.['isCompliant'] === true) return satisfied;
  return otherwiseRegister(facts, 53000);
}

function appControl(facts: Facts, flag: string, code: number): Standing {
  if (facts.platform !== 'iOS' && facts.platform !== 'android') return unsatisfiable(code);
  if (managedBy(facts) === 'resource' && facts.device?.[flag] === true) return satisfied;
  return otherwiseRegister(facts, code);
}

function builtIn(name: string, judging: Judging): Standing {
  const { facts } = judging;
  if (name === 'mfa') return mfa(judging);
  if (name === 'compliantDevice') return compliantDevice(facts);
  if (name === 'domainJoinedDevice')
    return facts.homeHybrid && facts.trustHybrid ? satisfied : unsatisfiable(53001);
  if (name === 'approvedApplication') return appControl(facts, 'approvedClientApp', 53002);
  if (name === 'compliantApplication') return appControl(facts, 'appProtectionPolicy', 53009);
  // §5: never for a guest.
  if (name === 'passwordChange' || name === 'riskRemediation') return unsatisfiable(50135);
  return unsatisfiable(53003);
}

/** §4, user actions: what the enrolment or the registration itself meets. */
function metByAction(name: string, applications: unknown, judging: Judging): boolean {
  const action = coversActionUnnamed(applications, judging.facts);
  if (action === 'urn:user:registersecurityinfo')
    return (
      (name === 'mfa' || name === 'authenticationStrength') &&
      knownToHoldNone(judging.facts) &&
      !judging.risky
    );
  if (action === 'urn:user:registerdevice')
    return [
      'compliantDevice',
      'domainJoinedDevice',
      'approvedApplication',
      'compliantApplication',
    ].includes(name);
  return false;
}

const unknown: Control = {
  name: 'unknown',
  termsId: undefined,
  standing: unsatisfiable(50158),
};

/** Each entry of a list; what is no list is one control nobody knows (§11.4). */
function each(list: unknown, control: (entry: unknown) => Control): readonly Control[] {
  if (!isConfigured(list)) return [];
  return Array.isArray(list) ? list.map(control) : [unknown];
}

export function grantControlsOf(
  grantControls: unknown,
  applications: unknown,
  judging: Judging,
): readonly Control[] {
  if (!isConfigured(grantControls)) return [];
  if (!isObject(grantControls)) return [unknown];
  const controls: Control[] = [];
  for (const [member, value] of Object.entries(grantControls)) {
    if (member === 'operator' || !isConfigured(value)) continue;
    if (member === 'builtInControls') {
      controls.push(
        ...each(value, (entry) => {
          const name = wordOf(entry, builtInControls);
          if (name === undefined) return unknown;
          const standing = metByAction(name, applications, judging)
            ? satisfied
            : builtIn(name, judging);
          return { name, termsId: undefined, standing };
        }),
      );
    } else if (member === 'authenticationStrength') {
      if (!isObject(value)) controls.push(unknown);
      else
        controls.push({
          name: member,
          termsId: undefined,
          standing: strengthStanding(
            value,
            judging.strengths,
            judging.facts,
            judging.secondary,
            judging.risky,
            metByAction(member, applications, judging),
          ),
        });
    } else if (member === 'termsOfUse') {
      controls.push(
        ...each(value, (entry) =>
          isGuid(entry)
            ? {
                name: member,
                termsId: entry.toLowerCase(),
                standing: termsStanding(entry, judging.terms, judging.facts),
              }
            : unknown,
        ),
      );
    } else if (member === 'customAuthenticationFactors') {
      controls.push(
        ...each(value, (entry) =>
          typeof entry === 'string' && entry !== '' ? { ...unknown, name: 'custom' } : unknown,
        ),
      );
    } else {
      controls.push(unknown);
    }
  }
  return controls;
}

/** §11.11: a null or unreadable operator is AND. */
export function operatorOf(grantControls: unknown): 'AND' | 'OR' {
  if (!isObject(grantControls)) return 'AND';
  return wordOf(grantControls['operator'], ['AND', 'OR']) ?? 'AND';
}
