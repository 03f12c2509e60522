import type { JsonObject } from '../wire.ts';

/** Something an administrator should know before storing what they import. */
export interface ImportIssue {
  /** RFC 6901, from the root of what was read. */
  readonly pointer: string;
  /** With an error a policy can be stored disabled or report-only, never enabled. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/**
 * What becomes of one field: the engine acts on it, it is passed on as a claim or only logged, or it is
 * not understood. A refused field of an enabled policy restricts.
 */
export interface FieldReport {
  readonly pointer: string;
  readonly standing: 'enforced' | 'carried' | 'refused';
  /** For `refused`. */
  readonly reason?: string;
}

/** One policy or named location. */
export interface ItemReport {
  readonly pointer: string;
  /** As given, or derived from the content where none was given. */
  readonly id: string;
  readonly displayName: string;
  /** What may be stored: the input with the id, and for a policy the state, filled in. */
  readonly item: JsonObject;
  /** True when nothing speaks against enabling it. */
  readonly enforceable: boolean;
  readonly fields: readonly FieldReport[];
  readonly issues: readonly ImportIssue[];
}

/** What will really happen with what was exported elsewhere. Nothing is dropped without a line. */
export interface ParseReport {
  readonly items: readonly ItemReport[];
  /** About the file as a whole. */
  readonly issues: readonly ImportIssue[];
}

export function error(pointer: string, message: string): ImportIssue {
  return { pointer, severity: 'error', message };
}

export function warning(pointer: string, message: string): ImportIssue {
  return { pointer, severity: 'warning', message };
}
