import type { JsonObject } from '../../shared/core/json.ts';
import { type MailSignIn, signInRow } from '../../shared/rows/sign-in.ts';
import { dump, type TestHouse } from './house.ts';

/** What is stored about mailed codes. */

/** Values of the rows of one kind (`mailbox.`, `source.`, `mail.`), by partition and key. */
export const rowsNamed = async (
  world: Pick<TestHouse, 'direct'>,
  prefix: string,
): Promise<readonly JsonObject[]> =>
  (await dump(world, ['expiring']))
    .filter(({ key }) => key.startsWith(prefix))
    .map(({ value }) => value);

/** The sign-in that was begun last. */
export async function newestSignIn(world: Pick<TestHouse, 'direct'>): Promise<MailSignIn> {
  const [last] = (await rowsNamed(world, 'signin.'))
    .map((value) => signInRow.schema.parse(value))
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  if (last?.door !== 'mail') throw new Error('no sign-in by mail');
  return last;
}
