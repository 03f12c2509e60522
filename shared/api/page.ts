import * as z from 'zod';

/** A page of a Graph collection; without a link it is the last. It may be empty and not the last. */
export const pageOf = <Item>(item: z.ZodType<Item>) =>
  z.object({
    '@odata.context': z.string(),
    '@odata.nextLink': z.string().optional(),
    value: z.array(item),
  });
