import { readOwnForm, readQuery, requireSameOrigin, type WebRequest } from './request.ts';

/** The form of the code pages. Throws what `readForm` and `requireSameOrigin` throw. */
export async function readCodeForm(
  request: WebRequest,
  issuer: string,
): Promise<{ readonly handle: string; readonly nonce: string; readonly code: string }> {
  requireSameOrigin(request, issuer);
  const { values } = await readOwnForm(request);
  const field = (name: string) => values.get(name) ?? '';
  return { handle: field('handle'), nonce: field('nonce'), code: field('code') };
}

export const readHandle = (request: WebRequest): string =>
  readQuery(request).values.get('handle') ?? '';
