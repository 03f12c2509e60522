import { configuredMembers, isObject } from '../wire.ts';
import { sessionControlDefinitions } from './registry.ts';
import type {
  Contribution,
  Contributor,
  SessionControlName,
  SessionControls,
  SignInFrequency,
} from './session-control.ts';
import { readSignInFrequency } from './sign-in-frequency.ts';

/** `sessionControls` of one policy. */
export interface PolicySession {
  readonly names: readonly SessionControlName[];
  readonly contributions: readonly Contribution[];
  /** The policy's own limits; the merged ones hold for its second factors. */
  readonly frequency: SignInFrequency | undefined;
  /** What no sign-in can satisfy, because nobody here knows what it asks. */
  readonly unknown: readonly string[];
}

/** @see Graph: conditionalAccessSessionControls */
export function readPolicySession(value: unknown): PolicySession {
  const members = isObject(value) ? configuredMembers(value) : new Map<string, unknown>();
  const unknown = value === undefined || isObject(value) ? [] : ['sessionControls'];
  const names: SessionControlName[] = [];
  const contributions: Contribution[] = [];
  const frequency = readSignInFrequency(members.get('signInFrequency'));
  for (const definition of sessionControlDefinitions) {
    const { name } = definition;
    const content = members.get(name);
    members.delete(name);
    const contribution = content === undefined ? undefined : definition.read(content);
    if (contribution === null) unknown.push(name);
    if (!contribution) continue;
    names.push(name);
    contributions.push(contribution);
  }
  return { names, contributions, frequency, unknown: [...unknown, ...members.keys()] };
}

/** The session controls of a policy that applies, and how it does. */
export interface Contributing extends Contributor {
  readonly session: PolicySession;
}

/** The stricter of everything, over any number of policies. */
export function mergeSessions(sessions: readonly Contributing[]): SessionControls {
  let merged: SessionControls = {};
  for (const { session, certain, plain } of sessions)
    for (const contribute of session.contributions) merged = contribute(merged, { certain, plain });
  return merged;
}
