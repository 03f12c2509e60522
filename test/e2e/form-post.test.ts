import { beforeAll, describe, expect, it } from 'vitest';
import type { Authenticator } from '../../dev/walk.ts';
import { skipsBrowserTests } from '../support/browser-chromium.ts';
import {
  comeIn,
  enrolled,
  enterCode,
  giveMail,
  heading,
  logIn,
  openApp,
} from '../support/browser-guest.ts';
import { useHouse } from '../support/browser-house.ts';

describe.skipIf(skipsBrowserTests)('the answer as a form', () => {
  const house = useHouse();
  let ann: Authenticator = {};
  beforeAll(async () => {
    if (!skipsBrowserTests) ann = await enrolled(house, 'Ann');
  });

  it('goes by itself, and the redirect that the app answers with is not stopped', async () => {
    const { page, watch } = await house.visitor();
    await comeIn(house, page, house.person('Ann'), { asForm: true });
    await enterCode(page, house.clock.freshCode(ann));
    await page.waitForURL(`${house.world.app}/`);
    expect(await heading(page)).toBe('Hello, Ann Abel');
    expect(watch.documents.slice(-3).map(({ what, status }) => `${what} ${status}`)).toEqual([
      'POST /mfa/verify 200',
      'POST /callback 303',
      'GET / 200',
    ]);
    expect(watch.answers.map((answer) => [...answer.keys()])).toEqual([['code', 'state', 'iss']]);
  });

  it('waits for its button where JavaScript is switched off', async () => {
    const { page, watch } = await house.visitor({ javaScriptEnabled: false });
    await comeIn(house, page, house.person('Ann'), { asForm: true });
    await enterCode(page, house.clock.freshCode(ann));
    await page.getByRole('button', { name: 'Continue to Woodgrove' }).click();
    await page.waitForURL(`${house.world.app}/`);
    expect(await heading(page)).toBe('Hello, Ann Abel');
    expect(watch.answers).toHaveLength(1);
  });

  it('A041 carries markup in state to the app as text, and runs none of it', async () => {
    const state = `"></form><script>document.title='owned'</script><img src=x onerror=alert(1)>'&amp;`;
    const { page, watch } = await house.visitor();
    page.on('dialog', (dialog) => {
      watch.faults.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await openApp(house, page, { asForm: true });
    const url = new URL(page.url());
    url.searchParams.set('state', state);
    await page.goto(url.href);
    await giveMail(page, house.person('Ann').mail);
    await logIn(house, page, house.person('Ann'));
    await enterCode(page, house.clock.freshCode(ann));
    await page.waitForURL(`${house.world.app}/callback`);
    expect(watch.answers.map((answer) => answer.get('state'))).toEqual([state]);
    // the app never began a sign-in of this name
    expect(await page.getByRole('alert').innerText()).toContain('belongs to no sign-in');
  });
});
