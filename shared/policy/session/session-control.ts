import type * as z from 'zod';
import type { AgeLimit } from '../frequency.ts';

/** Ages in hours; each limit is the smallest of all applying policies. */
export interface SignInFrequency {
  readonly primary?: AgeLimit;
  readonly secondary?: AgeLimit;
}

/** What the session is held to, merged over the applying enabled policies; a member without limit is absent. */
export interface SessionControls {
  readonly signInFrequency?: SignInFrequency;
  readonly persistentBrowser?: 'never' | 'always';
  readonly cloudAppSecurity?: 'blockDownloads' | 'monitorOnly' | 'mcasConfigured';
  readonly applicationEnforcedRestrictions?: true;
  readonly disableResilienceDefaults?: true;
  readonly secureSignInSession?: true;
  readonly continuousAccessEvaluation?: 'strictLocation' | 'strictEnforcement' | 'disabled';
}

export type SessionControlName = keyof SessionControls;

/** How the policy applies that contributes: what loosens a session needs more than what restricts it. */
export interface Contributor {
  /** Every condition is known to match. */
  readonly certain: boolean;
  /** The policy is about all applications and nothing but users. */
  readonly plain: boolean;
}

/** What one policy adds; the stricter of two always wins, in whatever order. */
export type Contribution = (merged: SessionControls, from: Contributor) => SessionControls;

/** One property of `sessionControls`. */
export interface SessionControlDefinition {
  readonly name: SessionControlName;
  /** Kept to here, or passed on to the application and logged. */
  readonly standing: 'enforced' | 'carried';
  /** What an import accepts of it. */
  readonly schema: z.ZodType;
  /** What an administrator must know who imports it: how the gateway keeps to it today. */
  readonly notice?: string;
  /** Undefined: off. Null: nothing this engine understands, which no sign-in can satisfy. */
  read(value: unknown): Contribution | undefined | null;
}

/** The strictest of two words; earlier in `order` is stricter. */
export function strictest<W extends string>(order: readonly W[], a: W | undefined, b: W): W {
  return a !== undefined && order.indexOf(a) <= order.indexOf(b) ? a : b;
}
