import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../shared/core/json.ts';
import { mailSignIn } from '../../shared/flows/passcode/mailbox.ts';
import { runningOf } from '../../shared/flows/passcode/running.ts';
import type { Partition } from '../../shared/ports.ts';
import { type MailSignIn, signInRow } from '../../shared/rows/sign-in.ts';
import { dump, type TestHouse } from './house.ts';
import type { TestBrowser } from './house-browser.ts';
import type { PasscodePage } from './house-passcode.ts';

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

/** Where the sign-in of a page lies. */
export function placeOf({ browser, page }: Tab): Place {
  const form = { ...page.step, browser };
  const running = runningOf(form);
  if (!running) throw new Error('no handle of a sign-in');
  return running;
}

type Tab = { readonly browser: TestBrowser; readonly page: PasscodePage };
type Place = { readonly partition: Partition; readonly key: string };

export async function signInOf(
  { direct }: Pick<TestHouse, 'direct'>,
  tab: Tab,
): Promise<MailSignIn> {
  const { partition, key } = placeOf(tab);
  const row = mailSignIn(await direct.load(partition, { keys: [key] }), { key });
  if (!row) throw new Error('no such sign-in');
  return row.value;
}

/** Somebody with access to the tables changes it. */
export async function changeSignIn(
  world: Pick<TestHouse, 'direct'>,
  tab: Tab,
  change: Partial<MailSignIn>,
): Promise<void> {
  const { partition, key } = placeOf(tab);
  const value = { ...(await signInOf(world, tab)), ...change } as unknown as JsonObject;
  const operation = randomBytes(8).toString('hex');
  await world.direct.commit(partition, [{ kind: 'replace', key, value, etag: '*' }], operation);
}
