import { describe, expect, it } from 'vitest';
import { mailboxLimits, sourceLimits } from '../../shared/checks/send-limits.ts';
import { emptyOutbox } from '../../shared/flows/mail/empty-outbox.ts';
import { type At, openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import {
  addressSeen,
  brief,
  newBrowser,
  pageOf,
  type TestBrowser,
} from '../support/house-browser.ts';
import { edited } from '../support/house-folder.ts';
import {
  askAgain,
  askForCode,
  enterPasscode,
  gusMail,
  halMail,
  lastCode,
  mailedCodes,
  nobodysMail,
  registeredGus,
  withHal,
} from '../support/house-passcode.ts';
import { rowsNamed } from '../support/house-passcode-rows.ts';
import { openForm, postForm, sendCode } from '../support/house-steps.ts';
import { failingOn } from '../support/house-stores.ts';
import { totpCode } from '../support/house-totp.ts';

/** Attack: mail bombing; and spending what others need. */

const minute = 60_000;
const hour = 60 * minute;

const from = (address: string): TestBrowser => newBrowser({ ipAddress: addressSeen(address) });

async function ask(at: At, mail = gusMail, browser = newBrowser()): Promise<string> {
  const { fields } = await openForm(at, browser);
  const answer = await postForm(at, browser, { ...fields, mail });
  if (brief(answer) !== 'passcode') return brief(answer);
  const { sent, nextSendSeconds } = pageOf(answer, 'passcode');
  return `${sent ? 'sent' : 'held back'} ${nextSendSeconds}`;
}

describe.each(storeKinds)('one mailbox, store: %s', (store) => {
  it('A069 R33: once a minute, five an hour, counted over browsers, sign-ins and both routes', async () => {
    await using world = await openTestHouse({ store });
    expect(await ask(world)).toBe('sent 60');
    world.clock.advance(minute - 1);
    expect(await ask(world)).toBe('held back 1');
    world.clock.advance(1);
    const tab = await askForCode(world);
    expect(tab.page.sent).toBe(true);
    world.clock.advance(minute - 1);
    let page = pageOf(await askAgain(world, tab.browser, tab.page), 'passcode');
    expect(page).toMatchObject({ sent: false, nextSendSeconds: 1 });
    for (let n = 3; n <= mailboxLimits.perHour; n++) {
      world.clock.advance(minute);
      page = pageOf(await askAgain(world, tab.browser, page), 'passcode');
      expect(page.sent, `send ${n}`).toBe(true);
    }
    // the first was at 0:00, the fifth at 4:59.999
    world.clock.advance(minute);
    expect(await ask(world)).toBe('held back 3241');
    world.clock.advance(hour - 6 * minute);
    expect(await ask(world)).toBe('held back 1');
    world.clock.advance(1);
    expect(await ask(world)).toMatch(/^sent/);
    expect(world.mail.asked).toHaveLength(6);
  });

  it('A069 R33: twenty a day, five of them for the guest’s own browser; the same for nobody', async () => {
    await using world = await openTestHouse({ store });
    const { browser: own } = await registeredGus(world);
    world.clock.set(new Date('2026-11-19T00:00:00.000Z'));
    const mailed = mailedCodes(world).length;
    const said: Record<string, number> = { known: 0, unknown: 0, nobody: 0 };
    for (let n = 0; n < 24; n++) {
      for (const [who, mail, browser] of [
        ['unknown', gusMail, undefined],
        ['nobody', nobodysMail, undefined],
        ...(n > 16 ? ([['known', gusMail, { ...own }]] as const) : []),
      ] as const)
        if ((await ask(world, mail, browser)).startsWith('sent')) said[who] = (said[who] ?? 0) + 1;
      world.clock.advance(hour - 1);
    }
    expect(said).toEqual({ known: 5, unknown: 15, nobody: 15 });
    expect(mailedCodes(world).length - mailed).toBe(mailboxLimits.perDay);
  });

  it('A069 R33: over midnight the minute and the hour go on, and nothing more is sent under the old day', async () => {
    await using world = await openTestHouse({ store });
    world.clock.set(new Date('2026-11-18T23:55:00.000Z'));
    for (let n = 0; n < 4; n++) {
      expect(await ask(world)).toMatch(/^sent/);
      world.clock.advance(minute);
    }
    // a form of the day before, sent after midnight, counts in the new day
    world.clock.set(new Date('2026-11-18T23:59:30.000Z'));
    const old = newBrowser();
    const { fields } = await openForm(world, old);
    const running = await askForCode(world);
    expect(running.page.sent).toBe(true);
    world.clock.set(new Date('2026-11-19T00:00:10.000Z'));
    expect(await ask(world)).toMatch(/^held back/);
    const posted = await postForm(world, old, { ...fields, mail: gusMail });
    expect(pageOf(posted, 'passcode').sent).toBe(false);
    world.clock.set(new Date('2026-11-19T00:01:00.000Z'));
    const again = await askAgain(world, running.browser, running.page);
    expect(brief(again)).toBe('message signInOver');
    // five within the hour: the first of them was at 23:55
    world.clock.set(new Date('2026-11-19T00:54:59.999Z'));
    expect(await ask(world)).toBe('held back 1');
    world.clock.set(new Date('2026-11-19T00:55:00.000Z'));
    expect(await ask(world)).toMatch(/^sent/);
  });

  it('A075 A155 R33: plus addresses and letter case fill the mailbox they end in, each is its own address', async () => {
    await using world = await openTestHouse({ store });
    expect(await ask(world, 'gus+a@smallshop.example')).toMatch(/^sent/);
    for (const mail of [gusMail, 'GUS@smallshop.example', 'gus+b@SmallShop.Example'])
      expect(await ask(world, mail), mail).toBe('held back 60');
    expect(world.mail.asked).toEqual([]);
    expect(await rowsNamed(world, 'mailbox.')).toHaveLength(1);
    world.clock.advance(minute);
    const { browser, page } = await askForCode(world, 'gus+a@smallshop.example');
    expect(page.address).toBe('gus+a@smallshop.example');
    // it proves no other mailbox
    expect(brief(await enterPasscode(world, browser, page, '00000000'))).toBe('passcode wrong');
    expect(world.mail.asked).toEqual([]);
  });
});

describe('one source', () => {
  it('A069 R33: many mailboxes from one address → so many an hour, so many a day; own browsers go on', async () => {
    await using world = await openTestHouse();
    const { browser: own } = await registeredGus(world);
    const before = Number((await rowsNamed(world, 'source.'))[0]?.['sendsOfDay']);
    world.clock.set(new Date('2026-11-18T10:00:00.000Z'));
    let sent = 0;
    for (let n = 0; n < 70; n++)
      if ((await ask(world, `n${n}@smallshop.example`)).startsWith('sent')) sent++;
    expect(sent).toBe(sourceLimits.sendsPerHour);
    expect(await ask(world)).toBe('message tooManyRequests');
    expect(await ask(world, gusMail, { ...own })).toMatch(/^sent/);
    expect(await ask(world, gusMail, from('198.51.100.8'))).toMatch(/^sent/);
    for (let h = 11; h < 17; h++) {
      world.clock.set(new Date(`2026-11-18T${h}:00:00.000Z`));
      for (let n = 0; n < 60; n++)
        if ((await ask(world, `h${h}n${n}@smallshop.example`)).startsWith('sent')) sent++;
    }
    // the own browser's sends count, too, and are not refused
    expect(sent + before + 1).toBe(sourceLimits.sendsPerDay);
    expect(world.mail.asked).toHaveLength(3);
  });

  it.each([
    ['an IPv6 /64', (n: number) => `[2001:db8:1:2:${n}::${n}]:443`, false],
    [
      'one IPv4 address, mapped or not',
      (n: number) => (n % 2 ? '[::ffff:203.0.113.7]:1' : '203.0.113.7:1'),
      false,
    ],
    ['whatever stands in front of it', (n: number) => `10.0.0.${n}, 203.0.113.7:1`, false],
    ['different /64', (n: number) => `[2001:db8:1:${n}::1]:443`, true],
    ['different IPv4 addresses', (n: number) => `203.0.113.${n}:1`, true],
  ] as const)('A069 R33: %s', async (_, address, isOther) => {
    await using world = await openTestHouse();
    for (let n = 1; n <= sourceLimits.sendsPerHour; n++)
      expect(await ask(world, `n${n}@smallshop.example`, from(address(n)))).toMatch(/^sent/);
    expect(await ask(world, 'last@smallshop.example', from(address(99)))).toMatch(
      isOther ? /^sent/ : /^message tooManyRequests/,
    );
  });

  it('A069 R33: a hundred wrong codes from one address → no more codes for unknown browsers there', async () => {
    await using world = await openTestHouse();
    const { browser: own } = await registeredGus(world);
    for (let n = 0; n < 20; n++) {
      let { browser, page } = await askForCode(world, `n${n}@smallshop.example`);
      for (let tries = 0; tries < 5; tries++)
        page = pageOf(await enterPasscode(world, browser, page, '00000000'), 'passcode');
    }
    expect(await ask(world)).toBe('message tooManyRequests');
    expect(await ask(world, gusMail, { ...own })).toMatch(/^sent/);
    expect(await ask(world, gusMail, from('198.51.100.8'))).toMatch(/^sent/);
  });
});

describe('a counter that cannot be reached', () => {
  const counters = ['source', 'mailbox and sign-in', 'allowance'] as const;
  it.each(counters)('R33 A069: %s → refused, nothing sent, then or later', async (which) => {
    await using world = await openTestHouse();
    let commits = 0;
    const store = failingOn(world.house.store, ({ table, key }, verb) => {
      if (table !== 'expiring') return false;
      if (key.endsWith('.allowance')) return which === 'allowance';
      if (verb === 'commit') commits++;
      return which === 'source' || (which === 'mailbox and sign-in' && commits > 1);
    });
    const at = world.instance(store);
    await expect(ask(at)).rejects.toMatchObject({ code: 'storageUnavailable' });
    expect(world.mail.asked).toEqual([]);
    world.clock.advance(minute);
    await emptyOutbox(at.house, world.now()).catch(() => undefined);
    expect(world.mail.asked).toEqual([]);
  });
});

/** Notices of the act itself are no part of it. */
const codesAsked = ({ mail }: TestHouse) =>
  mail.asked.filter(({ message }) => message.kind === 'passcode');

describe('the mails of the day', () => {
  const open = () =>
    openTestHouse({
      files: (files) =>
        edited(withHal(files), 'settings.json', { passcode: { enabled: true, mailsPerDay: 20 } }),
    });

  it('A070 R33 A148: the strangers’ half is spent → same page, no mail, alarm; own browsers still get theirs', async () => {
    await using world = await open();
    const { browser: own, secret } = await registeredGus(world);
    for (let n = 0; n < 9; n++) {
      expect(await ask(world, n % 2 ? gusMail : halMail)).toMatch(/^sent/);
      world.clock.advance(13 * minute);
    }
    expect(codesAsked(world)).toHaveLength(10);
    expect(world.alarms()).toEqual([]);
    const { page } = await askForCode(world, halMail);
    expect(page).toMatchObject({ sent: true, nextSendSeconds: 60 });
    expect(world.alarms()).toEqual(['mailAllowanceSpent']);
    // neither now nor by the timer
    world.clock.advance(minute);
    await emptyOutbox(world.house, world.now());
    expect(codesAsked(world)).toHaveLength(10);
    expect(await rowsNamed(world, 'mail.')).toEqual([]);
    const tab = await askForCode(world, gusMail, { browser: own });
    const challenge = await enterPasscode(world, own, tab.page, lastCode(world));
    const code = totpCode(secret, world.now());
    expect(brief(await sendCode(world, own, pageOf(challenge, 'challenge'), code))).toBe('code');
  });

  it('A070: in portions to many instances → never more than the day has', async () => {
    await using world = await open();
    let n = 0;
    for (let round = 0; round < 12; round++) {
      const instance = world.instance();
      await ask(instance, n++ % 2 ? gusMail : halMail);
      world.clock.advance(13 * minute);
    }
    expect(codesAsked(world).length).toBeLessThanOrEqual(10);
  });

  it('A070: addresses that nobody has cost no mail', async () => {
    await using world = await open();
    for (let n = 0; n < 40; n++) await ask(world, `n${n}@smallshop.example`);
    expect(world.alarms()).toEqual([]);
    expect(await ask(world)).toMatch(/^sent/);
    expect(codesAsked(world)).toHaveLength(1);
  });
});

/** Everything that strangers can spend, spent: the guest's mailbox, the day's mails, the office's address. */
async function spendAll(world: TestHouse): Promise<void> {
  world.clock.set(new Date('2026-11-18T12:00:00.000Z'));
  for (let n = 0; n < 14; n++) {
    expect(await ask(world, gusMail, from(`203.0.113.${n}`))).toMatch(/^sent/);
    world.clock.advance(13 * minute);
  }
  for (let n = 0; n < sourceLimits.sendsPerHour; n++) await ask(world, `n${n}@smallshop.example`);
}

describe('A148: strangers have spent what there is', () => {
  it('A148: the guest’s known browser signs in; one without its device cookie does not', async () => {
    await using world = await openTestHouse();
    const { browser: own, secret } = await registeredGus(world);
    await spendAll(world);
    const forgotten = { ...own, device: undefined };
    expect(await ask(world, gusMail, forgotten)).toBe('message tooManyRequests');
    expect(await ask(world, gusMail, { ...forgotten, ipAddress: '192.0.2.1' })).toMatch(
      /^held back/,
    );
    const tab = await askForCode(world, gusMail, { browser: own });
    expect(tab.page.sent).toBe(true);
    const challenge = await enterPasscode(world, own, tab.page, lastCode(world));
    const code = totpCode(secret, world.now());
    expect(brief(await sendCode(world, own, pageOf(challenge, 'challenge'), code))).toBe('code');
  });

  it('A148: a device cookie of another guest, made up, or taken apart is none', async () => {
    await using world = await openTestHouse({ files: withHal });
    const { browser: own } = await registeredGus(world);
    await spendAll(world);
    const [chance = '', ...mac] = (own.device ?? '').split('.');
    for (const device of ['', '..', `${'A'.repeat(22)}.${mac.join('.')}`, `${chance}.${mac[0]}.`])
      expect(await ask(world, gusMail, { ...own, device })).toBe('message tooManyRequests');
    expect(await ask(world, halMail, { ...own })).toBe('message tooManyRequests');
  });
});
