import { AsyncLocalStorage } from 'node:async_hooks';
import type { TableClient, TableServiceClientOptions, TransactionAction } from '@azure/data-tables';
import { inAscii } from './format.ts';

type Policy = NonNullable<TableServiceClientOptions['additionalPolicies']>[number]['policy'];

const deleteEtags = new AsyncLocalStorage<readonly string[]>();

/**
 * `submitTransaction` of @azure/data-tables 13 drops the etag of a delete and sends
 * `If-Match: *`, which would delete a row that was changed since it was read. This policy puts
 * the etags into the assembled body, in order, before it is signed.
 *
 * A property's text cannot look like a header here: JSON has no raw line ends.
 */
export const deletesAreConditional: Policy = {
  name: 'deletesAreConditional',
  async sendRequest(request, next) {
    const etags = deleteEtags.getStore();
    if (etags === undefined || typeof request.body !== 'string') return await next(request);
    let used = 0;
    request.body = request.body.replace(
      /^(DELETE [^\r\n]+\r\n(?:[^\r\n]+\r\n)*?if-match: )\*(?=\r\n)/gim,
      (_, before: string) => `${before}${etags[used++]}`,
    );
    if (used !== etags.length) throw new Error('the SDK assembles deletes differently');
    return await next(request);
  },
};

export const bodiesAreAscii: Policy = {
  name: 'bodiesAreAscii',
  async sendRequest(request, next) {
    if (typeof request.body === 'string') request.body = inAscii(request.body);
    return await next(request);
  },
};

/** Answers the statuses of the transaction's operations; a refused one throws RestError. */
export async function submitBatch(
  client: TableClient,
  actions: readonly TransactionAction[],
  etagsOfDeletes: readonly string[],
  abortSignal: AbortSignal,
): Promise<readonly number[]> {
  const answer = await deleteEtags.run(etagsOfDeletes, () =>
    client.submitTransaction([...actions], { abortSignal }),
  );
  return answer.subResponses.map((one) => one.status);
}
