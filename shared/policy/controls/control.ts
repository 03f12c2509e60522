import type * as z from 'zod';
import type { ReasonCode } from '../codes.ts';
import type { AgeLimit } from '../frequency.ts';
import type { KnownFacts, ProvedMethod } from '../known-facts.ts';
import type { FactName, UserAction } from '../sign-in-facts.ts';
import type { StrengthTable } from './strength-table.ts';
import type { TermsTable } from './terms-table.ts';

/** What the guest, or the guest's home, is asked to do now. */
export type StepAction =
  | 'challenge'
  | 'register'
  | 'stepUpAtHome'
  | 'reauthenticate'
  | 'acceptTerms'
  | 'registerDevice';

/** What controls may refer to outside their policy. */
export interface ControlWorld {
  readonly strengths: StrengthTable;
  readonly terms: TermsTable;
}

/** What controls are judged by: the facts, and what the applying policies say together. */
export interface Judgement {
  readonly facts: KnownFacts;
  /** An applying enabled policy has a risk condition: nobody may enrol in this sign-in. */
  readonly riskApplies: boolean;
  readonly secondaryLimit: AgeLimit | undefined;
  /** Methods that count in this sign-in: fresh enough, and of the home only what is trusted. */
  readonly counted: readonly ProvedMethod[];
  /** A second factor was proved here, within the limit. */
  readonly provedHere: boolean;
  /** The home's claim of MFA is trusted and fresh enough. */
  readonly provedAtHome: boolean;
}

/** How one control stands. */
export type ControlVerdict =
  | { readonly kind: 'satisfied'; readonly because: string }
  | {
      readonly kind: 'open';
      readonly action: StepAction;
      /** Sorted; only for challenge and register. */
      readonly methods?: readonly string[];
      readonly because: string;
    }
  | { readonly kind: 'unsatisfiable'; readonly code: ReasonCode; readonly because: string };

/** One control of one policy. `judge` is pure and total. */
export interface Control {
  readonly name: string;
  /** The id of the terms; absent for everything else. */
  readonly termsOfUseId?: string;
  /** What the guest can do something about at once; the rest is only looked at (report-only results). */
  readonly interactive: boolean;
  /** The user action that meets this control by being done, so that somebody can do it at all. */
  readonly metBy?: UserAction;
  /** False for a control nobody here knows. */
  readonly known?: false;
  readonly facts: readonly FactName[];
  judge(judgement: Judgement): ControlVerdict;
}

/** A control that is a word in `builtInControls`, or a member of `grantControls` of its own. */
export type ControlDefinition =
  | { readonly kind: 'builtIn'; readonly control: Control }
  | {
      readonly kind: 'member';
      readonly member: string;
      /** What an import accepts of it. */
      readonly schema: z.ZodType;
      /** What an administrator must know who imports it: how the gateway keeps to it today. */
      readonly notice?: string;
      read(value: unknown, world: ControlWorld): readonly Control[];
    };

export function satisfied(because: string): ControlVerdict {
  return { kind: 'satisfied', because };
}

export function unsatisfiable(code: ReasonCode, because: string): ControlVerdict {
  return { kind: 'unsatisfiable', code, because };
}

/** A control that no facts can satisfy. */
export function impossible(
  name: string,
  interactive: boolean,
  code: ReasonCode,
  because: string,
): Control {
  const verdict = unsatisfiable(code, because);
  return { name, interactive, facts: [], judge: () => verdict };
}

/** Something where a control belongs that this engine does not know: nobody can meet it. */
export function unknownControl(name: string): Control {
  const because = 'the control is not known here';
  return { ...impossible(name, false, 50158, because), known: false };
}
