import type { JsonObject } from '../wire.ts';

/** Something an administrator should know before storing what they import. */
export interface ImportIssue {
  /** RFC 6901, from the root of what was read. */
  readonly pointer: string;
  /**
   * With an error a policy can be stored disabled or report-only, never enabled. A warning is about
   * what an enabled policy does; what concerns nobody yet is information.
   */
  readonly severity: 'error' | 'warning' | 'information';
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
  /** What stands beside the items, or is none. */
  readonly fields: readonly FieldReport[];
  /** About the file as a whole, and what stands beside the items. */
  readonly issues: readonly ImportIssue[];
}

/** The report of an item with more against it. */
export function withErrors(item: ItemReport, errors: readonly ImportIssue[]): ItemReport {
  if (errors.length === 0) return item;
  return { ...item, enforceable: false, issues: [...item.issues, ...errors] };
}

export function error(pointer: string, message: string): ImportIssue {
  return { pointer, severity: 'error', message };
}

export function information(pointer: string, message: string): ImportIssue {
  return { pointer, severity: 'information', message };
}

/** Whether nothing speaks against enabling an item with these issues. */
export function isEnforceable(issues: readonly ImportIssue[]): boolean {
  return issues.every((issue) => issue.severity !== 'error');
}

export function warning(pointer: string, message: string): ImportIssue {
  return { pointer, severity: 'warning', message };
}
