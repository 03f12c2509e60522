import type { z } from 'zod';
import { pageOf } from '../shared/api/page.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { bodyOf, type Client } from './client.ts';

/** Items of one page after the other until there are `limit`; a page without any may lead on. */
export async function readPages<Item>(
  client: Client,
  first: string,
  item: z.ZodType<Item>,
  limit = Number.POSITIVE_INFINITY,
): Promise<{ readonly items: Item[]; readonly isWhole: boolean }> {
  const items: Item[] = [];
  const seen = new Set<string>();
  let link: string | undefined = first;
  while (link !== undefined && items.length < limit) {
    if (seen.has(link))
      throw new CliError('the list does not end: a page leads back to an earlier one', {
        exitCode: exitCodes.unavailable,
        fix: 'try again; if it stays, report it to whoever runs the gateway',
      });
    seen.add(link);
    const answer = await client.request('GET', link);
    const page = bodyOf(pageOf(item), answer, `GET ${first.split('?')[0]}`);
    items.push(...page.value);
    link = page['@odata.nextLink'];
  }
  return { items: items.slice(0, limit), isWhole: link === undefined && items.length <= limit };
}
