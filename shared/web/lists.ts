import type { JsonObject } from '../core/json.ts';
import { badRequest } from './admin-body.ts';
import type { WebResponse } from './headers.ts';
import { jsonAnswer } from './json.ts';
import { readQuery, type WebRequest } from './request.ts';

/** What every list is asked for with; each reads the filter that it understands. */
export type ListQuery = {
  readonly filter: string | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
};

export type ReadQuery<Query> =
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'bad'; readonly response: WebResponse };

const defaultLimit = 100;
const maxLimit = 999;
const known = ['$filter', '$top', '$skiptoken'];

/** The part of OData that lists understand; what they do not is refused, not ignored. */
export function readListQuery(request: WebRequest): ReadQuery<ListQuery> {
  const { values, duplicates } = readQuery(request);
  const [twice] = duplicates;
  if (twice !== undefined) return badQuery(twice.slice(0, 40), 'appears more than once');
  const strange = [...values.keys()].find((name) => !known.includes(name));
  if (strange !== undefined)
    return badQuery(strange.slice(0, 40), `not supported; known are ${known.join(', ')}`);
  const limit = Number(values.get('$top') ?? defaultLimit);
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit)
    return badQuery('$top', `expected 1 to ${maxLimit}`);
  const [filter, cursor] = [values.get('$filter'), values.get('$skiptoken')];
  return { kind: 'query', query: { filter, limit, cursor } };
}

export const badQuery = (
  target: string,
  message: string,
): { readonly kind: 'bad'; readonly response: WebResponse } => ({
  kind: 'bad',
  response: badRequest([{ target, message }]),
});

/** `path` below `/v1.0`; `next.cursor` leads to the page that follows, with the same filter. */
export function pageAnswer(
  issuer: string,
  path: string,
  next: ListQuery,
  value: readonly JsonObject[],
): WebResponse {
  const link = new URLSearchParams({ $top: String(next.limit) });
  if (next.filter !== undefined) link.set('$filter', next.filter);
  if (next.cursor !== undefined) link.set('$skiptoken', next.cursor);
  return jsonAnswer(200, {
    '@odata.context': `${issuer}/v1.0/$metadata#${path}`,
    ...(next.cursor === undefined
      ? {}
      : { '@odata.nextLink': `${issuer}/v1.0/${path}?${link.toString()}` }),
    value,
  });
}
