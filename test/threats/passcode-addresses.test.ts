import { describe, expect, it } from 'vitest';
import { sendAgain } from '../../shared/flows/passcode/send-again.ts';
import { showPasscode, verifyPasscode } from '../../shared/flows/passcode/verify-passcode.ts';
import { type At, dump, openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import { brief, newBrowser } from '../support/house-browser.ts';
import { edited, without } from '../support/house-folder.ts';
import {
  askForCode,
  enterPasscode,
  gusMail,
  lastCode,
  mailedCodes,
} from '../support/house-passcode.ts';
import { rowsNamed } from '../support/house-passcode-rows.ts';
import { standingOf } from '../support/house-rows.ts';
import { openForm, postForm } from '../support/house-steps.ts';

/** Attack: an address that is not what it seems, and ids that are none. */

async function post(at: At, mail: string): Promise<string> {
  const browser = newBrowser();
  const { fields } = await openForm(at, browser);
  return brief(await postForm(at, browser, { ...fields, mail }));
}

describe.each(storeKinds)('one mailbox, many spellings, store: %s', (store) => {
  it('A073 A155: letter case, blanks around and IDNA forms are one guest and one count', async () => {
    await using world = await openTestHouse({
      store,
      files: (files) =>
        edited(files, 'guests/gus.json', {
          mail: 'Gus@SmallShop.Example',
          identities: [{ partner: 'mail', subject: 'Gus@SmallShop.Example' }],
        }),
    });
    const spellings = [
      gusMail,
      'GUS@SMALLSHOP.EXAMPLE',
      'gUs@smallshop.EXAMPLE',
      ` ${gusMail}\t`,
      'gus@ｓｍａｌｌｓｈｏｐ.example',
      'gus@smallshop。example',
    ];
    for (const [n, mail] of spellings.entries()) {
      const { browser, page } = await askForCode(world, mail);
      expect(page.address, mail).toBe(gusMail);
      expect(world.mail.asked.map(({ message }) => message.to)).toEqual(Array(n + 1).fill(gusMail));
      if (n === 0)
        expect(brief(await enterPasscode(world, browser, page, lastCode(world)))).toBe('enrol');
      world.clock.advance(13 * 60_000);
    }
    expect(await rowsNamed(world, 'mailbox.')).toHaveLength(1);
  });

  it('A073: other letters in the local part are refused; never another guest’s mailbox', async () => {
    await using world = await openTestHouse({ store });
    const refused = [
      'ｇｕｓ@smallshop.example',
      'gu\u017f@smallshop.example',
      'g\u00fcs@smallshop.example',
      'gu\u0308s@smallshop.example',
      'gus\u200b@smallshop.example',
      '\u202egus@smallshop.example',
      'gus\u0000@smallshop.example',
      'İ@smallshop.example',
      'ı@smallshop.example',
      '\u212a@smallshop.example',
      'straße@smallshop.example',
      '"gus"@smallshop.example',
      'gus(comment)@smallshop.example',
      'gus@[192.0.2.1]',
      'gus.@smallshop.example',
      '.gus@smallshop.example',
      'gus@smallshop',
      'gus@-smallshop.example',
      `${'g'.repeat(65)}@smallshop.example`,
      `gus@${'s'.repeat(260)}.example`,
    ];
    for (const mail of refused) expect(await post(world, mail), mail).toBe('signIn mailMalformed');
    expect(await dump(world, ['expiring'])).toEqual([]);
  });

  it('A073: look-alike domains are domains of their own, with a count of their own and no mail', async () => {
    await using world = await openTestHouse({ store });
    const others = [
      'gus@smаllshop.example',
      'gus@smallshoр.example',
      'gus@smallshóp.example',
      'gus@smal1shop.example',
    ];
    for (const mail of others) {
      const { page } = await askForCode(world, mail);
      expect(page.address).toMatch(/^gus@[a-z0-9.-]+$/);
      expect(page.address).not.toBe(gusMail);
    }
    expect(await rowsNamed(world, 'mailbox.')).toHaveLength(others.length);
    expect(world.mail.asked).toEqual([]);
    // composed and decomposed are one domain, as IDNA reads them, and the Kelvin sign is a k
    const forms = [
      'gus@sho\u0301p.example',
      'gus@sh\u00f3p.example',
      'gus@\u212aiosk.example',
      'gus@kiosk.example',
    ];
    const addresses = [];
    for (const mail of forms) addresses.push((await askForCode(world, mail)).page.address);
    expect(new Set(addresses).size).toBe(2);
  });

  it('A155: an identifier in another spelling is another guest’s already → the folder is refused', async () => {
    await using world = await openTestHouse({ store });
    const files = {
      ...world.files(),
      'guests/gus2.json': JSON.stringify({
        ...(JSON.parse(world.files()['guests/gus.json'] ?? '{}') as object),
        id: 'a0000007-2f4e-4b6d-8a9c-1d3e5f7a9b07',
        userPrincipalName: 'other#EXT#@fabrikam.onmicrosoft.example',
        mail: 'other@smallshop.example',
        identities: [{ partner: 'mail', subject: 'GUS@smallshop.Example' }],
      }),
    };
    expect((await world.apply(files)).kind).not.toBe('applied');
    await askForCode(world, 'GUS@smallshop.example');
    expect(mailedCodes(world)).toHaveLength(1);
  });

  it('A076 A116: line breaks, lists, headers and too much → refused at the door, one recipient at most', async () => {
    await using world = await openTestHouse({ store });
    const hostile = [
      'gus@smallshop.example\r\nBcc: evil@evil.example',
      'gus@smallshop.example%0d%0aBcc:evil@evil.example',
      'gus@smallshop.example\u2028evil@evil.example',
      'gus@smallshop.example\u0085x',
      'gus@smallshop.example,evil@evil.example',
      'gus@smallshop.example;evil@evil.example',
      'gus@smallshop.example evil@evil.example',
      'evil@evil.example@smallshop.example',
      'Gus <gus@smallshop.example>',
      'gus@smallshop.example\u0000.evil.example',
      'gus@smallshop.example?cc=evil@evil.example',
      'gus@smallshop.example#evil.example',
      'gus@smallshop.example:25',
      `gus@smallshop.example${'a'.repeat(100_000)}`,
      'g'.repeat(1_000_000),
    ];
    for (const mail of hostile)
      expect(await post(world, mail), mail.slice(0, 60)).toBe('signIn mailMalformed');
    expect(await dump(world, ['expiring'])).toEqual([]);
    expect(world.mail.asked).toEqual([]);
    // what stands around an address is taken off
    const { page } = await askForCode(world, '\r\n\u2028gus@smallshop.example\u2029\r\n');
    expect(page.address).toBe(gusMail);
    expect(world.mail.asked.map(({ message }) => message.to)).toEqual([gusMail]);
    // what is a plain address stays one, however odd it looks
    for (const mail of ["a'b@smallshop.example", '#$%&*+/=?^_`{|}~@smallshop.example'])
      expect(await post(world, mail)).toBe('passcode');
  });

  it('A114 A116: handles, nonces and codes that are none reach no key: a message, no fault', async () => {
    await using world = await openTestHouse({ store });
    const { browser, page } = await askForCode(world);
    const before = await dump(world);
    const { handle } = page.step;
    const odd = [
      '',
      '/',
      '\\',
      '#?',
      '\u0000',
      '\t\n\u007f',
      "' or PartitionKey ne '",
      '__proto__',
      '../../config',
      `${handle}/x`,
      handle.toUpperCase(),
      handle.replace('.', '%2e'),
      handle.replace(/\d{8}/, '99999999'),
      handle.replace(/\.[0-9a-f]{2}\./, '.ff.'),
      `signin.${'x'.repeat(2_000)}`,
      'x'.repeat(1_000_000),
      'signin.20261118.0f.2026111809.AAAAAAAAAAAAAAAAAAAAAA',
    ];
    for (const text of odd)
      for (const form of [
        { handle: text, nonce: page.step.nonce, code: lastCode(world), browser },
        { handle, nonce: text, code: lastCode(world), browser },
        { ...page.step, code: lastCode(world), browser: { ...browser, secret: text } },
      ])
        for (const act of [sendAgain, verifyPasscode, showPasscode]) {
          const isShown =
            act === showPasscode && form.handle === handle && form.browser === browser;
          const said = brief(await act(world.house, form, world.now()));
          expect(said, `${act.name} ${text.slice(0, 40)}`).toMatch(
            isShown ? /^passcode$/ : /^message (startAtApp|otherBrowser|signInOver)$/,
          );
        }
    for (const code of odd)
      expect(brief(await enterPasscode(world, { ...browser }, page, code))).toBe(
        'passcode malformed',
      );
    expect(await dump(world)).toEqual(before);
    expect(brief(await enterPasscode(world, browser, page, lastCode(world)))).toBe('enrol');
  });
});

describe('A130: domains of partners', () => {
  const annsMailbox = 'ann@contoso.example';
  const off = (files: Record<string, string>) =>
    edited(files, 'partners/contoso.json', { enabled: false });
  const released = (files: Record<string, string>) =>
    edited(files, 'settings.json', {
      passcode: { enabled: true, releasedDomains: ['contoso.example'] },
    });
  const gone = (files: Record<string, string>): Record<string, string> => {
    const guests = ['ann', 'ben', 'cho'].map((name) => `guests/${name}.json`);
    return without(files, 'partners/contoso.json', ...guests);
  };

  async function nothingOpens(world: TestHouse) {
    for (const mail of [annsMailbox, 'ANN@Contoso.Example', 'ben@contoso.example'])
      expect(await post(world, mail), mail).toBe('signIn noWayIn');
    expect(await rowsNamed(world, 'signin.')).toEqual([]);
    expect(world.mail.asked).toEqual([]);
  }

  it('A130: disabled → refused, no row and no mail, whether its domain is named as released or not', async () => {
    for (const files of [off, (f: Record<string, string>) => released(off(f))]) {
      await using world = await openTestHouse({ files });
      await nothingOpens(world);
    }
  });

  it('A130: deleted → its domain stays reserved until an administrator releases it', async () => {
    await using world = await openTestHouse();
    await world.reconfigure((files) => gone({ ...files }));
    await nothingOpens(world);
    // another change does not give it back
    await world.reconfigure((files) => edited(files, 'settings.json', { codeSeconds: 50 }));
    await nothingOpens(world);
    await world.reconfigure((files) => released({ ...files }));
    expect(await post(world, annsMailbox)).toBe('passcode');
    // and no guest is linked by an address alone
    expect(world.mail.asked).toEqual([]);
  });

  it('A130: a federated guest’s address, in whatever domain, gets no passcode', async () => {
    await using world = await openTestHouse({
      files: (files) => edited(files, 'guests/ann.json', { mail: 'ann@smallshop.example' }),
    });
    await askForCode(world, 'ann@smallshop.example');
    expect(world.mail.asked).toEqual([]);
  });

  it('A130: a passcode out when its guest loses the mailbox, or the door is closed → opens nothing', async () => {
    const changes = [
      (files: Record<string, string>) => edited(files, 'guests/gus.json', { identities: [] }),
      (files: Record<string, string>) =>
        edited(files, 'guests/gus.json', { accountEnabled: false }),
      (files: Record<string, string>) =>
        edited(files, 'settings.json', { passcode: { enabled: false } }),
    ];
    for (const change of changes) {
      await using world = await openTestHouse();
      const { browser, page } = await askForCode(world);
      await world.reconfigure((files) => change({ ...files }));
      const said = brief(await enterPasscode(world, browser, page, lastCode(world)));
      expect(said).toMatch(/^(blocked noAccess|message signInOver)$/);
      expect(await standingOf(world, 'gus')).toMatchObject({ sessions: [], authorizations: [] });
    }
  });
});
