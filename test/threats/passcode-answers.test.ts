import { describe, expect, it } from 'vitest';
import type { Answer } from '../../shared/flows/answers.ts';
import type { Partition, Store } from '../../shared/ports.ts';
import { openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import { brief, newBrowser, pageOf, type TestBrowser, take } from '../support/house-browser.ts';
import { edited, policy } from '../support/house-folder.ts';
import {
  askAgain,
  askForCode,
  enterPasscode,
  gusMail,
  lastCode,
  nobodysMail,
  wrongPasscode,
} from '../support/house-passcode.ts';
import { openForm, postForm } from '../support/house-steps.ts';

/**
 * Attack: finding out who is known, by what is answered or by what it costs. Everybody's story is the
 * same, answer by answer and store call by store call; only the mail differs.
 */

const minute = 60_000;

/** Every call as verb, table and kinds of rows: nothing of it hangs on chance. */
function watched(store: Store) {
  const calls: string[] = [];
  const kindOf = (key: string): string =>
    key.replace(/[.:].*$/s, '').replace(/^[A-Za-z0-9_-]{20,}$/, 'gate');
  const placeOf = ({ table, key }: Partition) =>
    `${table} ${key.endsWith('.allowance') ? 'allowance' : table}`;
  const watching: Store = {
    load(partition, query) {
      const keys = (query?.keys ?? ['*']).map(kindOf);
      calls.push(`load ${placeOf(partition)} ${keys.join()} ${query?.prefixes?.join() ?? ''}`);
      return store.load(partition, query);
    },
    commit(partition, changes, operation) {
      const rows = changes.map(({ kind, key }) => `${kind} ${kindOf(key)}`);
      calls.push(`commit ${placeOf(partition)} ${rows.join()}`);
      return store.commit(partition, changes, operation);
    },
  };
  return { calls, store: watching };
}

/** What is random, and the address that was typed, taken out. */
function plain(answer: Answer, address: string): string {
  return JSON.stringify(answer)
    .replaceAll(address, 'ADDRESS')
    .replaceAll(/[A-Za-z0-9_-]{22,}/g, 'RANDOM')
    .replaceAll(/signin\.\d{8}\.[0-9a-f]{2}/g, 'PARTITION');
}

type Someone = {
  readonly mail: string;
  readonly files?: (files: Record<string, string>) => Record<string, string>;
  readonly mailAnswer?: TestHouse['mail']['answers'][number];
};

const people: Readonly<Record<string, Someone>> = {
  known: { mail: gusMail },
  nobody: { mail: nobodysMail },
  disabled: {
    mail: gusMail,
    files: (files) => edited(files, 'guests/gus.json', { accountEnabled: false }),
  },
  'blocked by policy': {
    mail: gusMail,
    files: (files) => ({ ...files, 'policies/block.json': policy(1, {}) }),
  },
  'of a partner, with an address elsewhere': {
    mail: 'ann@smallshop.example',
    files: (files) => edited(files, 'guests/ann.json', { mail: 'ann@smallshop.example' }),
  },
  'known, whose mail is refused': {
    mail: gusMail,
    mailAnswer: { kind: 'refused', why: 'recipient' },
  },
};

/** Over ten minutes: sent, held back, sent again, five wrong codes, one too many, expired. */
async function story(world: TestHouse, { mail, mailAnswer }: Someone) {
  const { calls, store } = watched(world.house.store);
  const at = world.instance(store);
  // what a process asks for once is not a guest's
  await at.house.configuration();
  calls.length = 0;
  const said: string[] = [];
  const tell = (answer: Answer) => {
    said.push(plain(answer, mail));
    return answer;
  };
  if (mailAnswer) world.mail.answers.push(...Array<typeof mailAnswer>(9).fill(mailAnswer));
  const browser: TestBrowser = newBrowser();
  const { fields } = await openForm(at, browser);
  const form = { ...fields, mail };
  let page = pageOf(tell(await postForm(at, browser, form)), 'passcode');
  tell(await postForm(at, browser, form));
  for (const waitMs of [10_000, 50_000, minute, minute]) {
    world.clock.advance(waitMs);
    page = pageOf(tell(take(browser, await askAgain(at, browser, page))), 'passcode');
  }
  tell(await askAgain(at, browser, { step: { ...page.step, nonce: 'A'.repeat(22) } }));
  for (const code of ['x', ...Array<string>(6).fill('00000001')])
    page = pageOf(tell(await enterPasscode(at, browser, page, code)), 'passcode');
  world.clock.advance(10 * minute);
  tell(await enterPasscode(at, browser, page, '00000001'));
  tell(await askAgain(at, browser, page));
  // another browser, at once
  const other = newBrowser();
  const again = await openForm(at, other);
  tell(await postForm(at, other, { ...again.fields, mail }));
  return { said, calls, cookies: { ...browser, secret: browser.secret?.length } };
}

describe.each(storeKinds)('who is asked for cannot be told, store: %s', (store) => {
  it('A071 R34 A144: the same answers, cookies and store calls for everybody, over ten minutes', async () => {
    const stories: Record<string, Awaited<ReturnType<typeof story>>> = {};
    for (const [name, someone] of Object.entries(people)) {
      await using world = await openTestHouse({
        store,
        ...(someone.files ? { files: someone.files } : {}),
      });
      stories[name] = await story(world, someone);
    }
    const { known } = stories;
    expect(known?.said.length).toBeGreaterThan(15);
    expect(known?.calls.length).toBeGreaterThan(40);
    for (const [name, told] of Object.entries(stories)) {
      expect(told.said, name).toEqual(known?.said);
      expect(told.calls, name).toEqual(known?.calls);
      expect(told.cookies, name).toEqual(known?.cookies);
    }
  });

  it('A071 R34: the same when the day’s mails or wrong codes are spent', async () => {
    const spent = (files: Record<string, string>) =>
      edited(files, 'settings.json', {
        passcode: { enabled: true, mailsPerDay: 20, wrongCodesPerDay: 20 },
      });
    const seen: Record<string, unknown> = {};
    for (const mail of [gusMail, nobodysMail]) {
      await using world = await openTestHouse({ store, files: spent });
      const { calls, store: watching } = watched(world.house.store);
      const at = world.instance(watching);
      await at.house.configuration();
      const { allowances } = at.house;
      const { passcode } = (await at.house.configuration()).settings;
      for (let n = 0; n < 11; n++) await allowances.take('mailOther', passcode, world.now());
      await allowances.take('mailNobody', passcode, world.now());
      calls.length = 0;
      const { page } = await askForCode(at, mail);
      seen[mail] = { calls: [...calls], page: plain({ ...page }, mail) };
      expect(world.mail.asked).toEqual([]);
      for (let n = 0; n < 21; n++) await allowances.take('wrongCode', passcode, world.now());
      const browser = newBrowser();
      const { fields } = await openForm(at, browser);
      expect(brief(await postForm(at, browser, { ...fields, mail }))).toBe(
        'message tooManyRequests',
      );
    }
    expect(seen[nobodysMail]).toEqual(seen[gusMail]);
  });

  it('A072: no sign-in here, or not this browser’s → one answer; a wrong code is the same for nobody', async () => {
    await using world = await openTestHouse({ store });
    const gus = await askForCode(world);
    const nobody = await askForCode(world, nobodysMail);
    const missing = gus.page.step.handle.replace(/.{22}$/, 'A'.repeat(22));
    const other = newBrowser({ secret: 'A'.repeat(22) });
    const answers = [
      await enterPasscode(world, gus.browser, { step: { ...gus.page.step, handle: missing } }, '1'),
      await enterPasscode(world, other, gus.page, lastCode(world)),
      await enterPasscode(world, other, gus.page, wrongPasscode(world)),
      await enterPasscode(world, other, nobody.page, '12345678'),
      await askAgain(world, other, gus.page),
      await askAgain(world, other, nobody.page),
    ];
    expect(brief(answers[0] ?? fail())).toBe('message otherBrowser');
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const wrong = await Promise.all(
      [gus, nobody].map(async ({ browser, page }) =>
        plain(await enterPasscode(world, browser, page, wrongPasscode(world)), page.address),
      ),
    );
    expect(wrong[1]).toBe(wrong[0]);
  });
});

const fail = (): never => {
  throw new Error('no answer');
};
