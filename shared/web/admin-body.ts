import type * as z from 'zod';
import type { WebResponse } from './headers.ts';
import { graphError } from './json.ts';
import { readJson, type WebRequest } from './request.ts';

export type ReadBody<T> =
  | { readonly kind: 'read'; readonly body: T }
  | { readonly kind: 'bad'; readonly response: WebResponse };

/** A body of one shape; each fault with its JSON pointer. Throws what `readJson` throws. */
export async function readBody<T>(
  request: WebRequest,
  schema: z.ZodType<T>,
  limits: { readonly maxBytes: number; readonly maxDepth?: number },
): Promise<ReadBody<T>> {
  const parsed = schema.safeParse(await readJson(request, limits));
  if (parsed.success) return { kind: 'read', body: parsed.data };
  return { kind: 'bad', response: badRequest(parsed.error.issues.flatMap(faultsOf)) };
}

export type PointedFault = { readonly target: string; readonly message: string };

/** 400 with every fault in `details`. */
export function badRequest(faults: readonly PointedFault[]): WebResponse {
  const [first] = faults;
  const message = first
    ? `${first.target || '/'}: ${first.message}`
    : 'The request cannot be read.';
  const details = faults.slice(0, 200).map((fault) => ({ code: 'BadRequest', ...fault }));
  return graphError(400, 'BadRequest', message, { details });
}

export const unknownGuest = (): WebResponse =>
  graphError(404, 'Request_ResourceNotFound', 'There is no such guest.');

export const ambiguousGuest = (): WebResponse =>
  graphError(
    409,
    'Conflict',
    'This name is ambiguous: one guest has it as user principal name, another as mail address. Give the object id.',
  );

function faultsOf(issue: z.core.$ZodIssue): PointedFault[] {
  const keys = issue.code === 'unrecognized_keys' ? issue.keys : undefined;
  const paths = keys?.map((key) => [...issue.path, key]) ?? [issue.path];
  return paths.map((path) => ({
    // RFC 6901 §3
    target: path
      .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join(''),
    message: keys ? 'no such property' : issue.message,
  }));
}
