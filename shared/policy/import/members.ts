import type * as z from 'zod';
import { isObject } from '../wire.ts';
import { pointerTo } from './pointers.ts';
import { error, type FieldReport, type ImportIssue } from './report.ts';

/** The item being read: as it was written, and where. */
export interface Origin {
  readonly source: unknown;
  readonly pointer: string;
}

export interface Checked {
  readonly fields: readonly FieldReport[];
  readonly issues: readonly ImportIssue[];
}

/** Several checks as one. */
export function together(checks: readonly Checked[]): Checked {
  return { fields: checks.flatMap((c) => c.fields), issues: checks.flatMap((c) => c.issues) };
}

/** The fields of a member: its own members, where it is an object, else the member itself. */
function fieldPaths(value: unknown, path: readonly string[]): readonly (readonly string[])[] {
  const names = isObject(value) ? Object.keys(value) : [];
  return names.length === 0 ? [path] : names.map((name) => [...path, name]);
}

/** A member that cannot be taken: nobody here knows it, or it is not what belongs there. */
export function refuse(origin: Origin, path: readonly string[], reason: string): Checked {
  const pointer = pointerTo(origin.source, origin.pointer, path);
  return {
    fields: [{ pointer, standing: 'refused', reason }],
    issues: [error(pointer, reason)],
  };
}

/** A member of an item that is kept and shown, whatever it says. */
export function carry(origin: Origin, path: readonly string[]): Checked {
  return accept(origin, path, undefined, 'carried');
}

/** A member that is understood as it is. */
export function accept(
  origin: Origin,
  path: readonly string[],
  value: unknown,
  standing: 'enforced' | 'carried',
): Checked {
  const fields = fieldPaths(value, path).map((p) => ({
    pointer: pointerTo(origin.source, origin.pointer, p),
    standing,
  }));
  return { fields, issues: [] };
}

/** The issues of a schema with their paths; an unknown key counts at the key itself. */
function issuesOf(problem: z.core.$ZodIssue): readonly { path: PropertyKey[]; message: string }[] {
  if (problem.code === 'unrecognized_keys')
    return problem.keys.map((key) => ({ path: [...problem.path, key], message: 'not known here' }));
  return [{ path: [...problem.path], message: problem.message }];
}

function startsWith(pointer: string, prefix: string): boolean {
  return pointer === prefix || pointer.startsWith(`${prefix}/`);
}

/** Checks a normalised member against its schema. */
export function check(
  origin: Origin,
  path: readonly string[],
  value: unknown,
  schema: z.ZodType,
  standing: 'enforced' | 'carried',
): Checked {
  const accepted = accept(origin, path, value, standing);
  const parsed = schema.safeParse(value);
  if (parsed.success) return accepted;
  const issues = parsed.error.issues
    .flatMap(issuesOf)
    .map((i) => error(pointerTo(origin.source, origin.pointer, [...path, ...i.path]), i.message));
  const fields = accepted.fields.map((field): FieldReport => {
    const wrong = issues.find(
      (i) => startsWith(i.pointer, field.pointer) || startsWith(field.pointer, i.pointer),
    );
    if (wrong === undefined) return field;
    return { pointer: field.pointer, standing: 'refused', reason: wrong.message };
  });
  return { fields, issues };
}
