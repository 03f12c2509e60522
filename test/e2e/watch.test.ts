import { describe, expect, it } from 'vitest';
import { chromiumMissing, launchChromium, skipsBrowserTests } from '../support/browser-chromium.ts';
import { lookAt } from '../support/browser-look.ts';
import { watchContext } from '../support/browser-watch.ts';

it('Chromium is at hand', ({ skip }) => {
  if (chromiumMissing && skipsBrowserTests) {
    // the reporter does not say why
    console.warn(chromiumMissing);
    skip(chromiumMissing);
  }
  expect(chromiumMissing).toBeUndefined();
});

const policy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const world = {
  issuer: 'http://localhost:1',
  app: 'http://localhost:2',
  partner: { issuer: 'http://localhost:3' },
  mailbox: { url: 'http://localhost:4' },
} as Parameters<typeof watchContext>[1];

/** What a page does wrong, and what the watch says of it. */
const wrong: readonly (readonly [what: string, markup: string, said: RegExp])[] = [
  ['an inline script', '<script>document.title = 1</script>', /policy violated: script-src-elem/],
  ['an inline style', '<p style="color:red">', /policy violated: style-src-attr/],
  ['a picture', '<img src="http://localhost:1/x.png" alt="">', /policy violated: img-src/],
  ['a way out', '<meta http-equiv="refresh" content="0;url=http://localhost:9/">', /left for .*:9/],
  [
    'an answer',
    '<meta http-equiv="refresh" content="0;url=http://localhost:2/callback?code=1">',
    /without its issuer/,
  ],
];

describe.skipIf(skipsBrowserTests)('the watch over all browser tests', () => {
  it('complains of what no page may do', async () => {
    const browser = await launchChromium();
    try {
      for (const [what, markup, said] of wrong) {
        const context = await browser.newContext();
        const watch = await watchContext(context, world);
        const page = await context.newPage();
        await context.route(
          () => true,
          (route) =>
            route.fulfill({
              body: `<!doctype html><title>x</title>${route.request().url().endsWith(':1/') ? markup : ''}`,
              headers: { 'content-type': 'text/html', 'content-security-policy': policy },
            }),
        );
        await page.goto('http://localhost:1/');
        await expect.poll(() => watch.faults.join('\n'), { message: what }).toMatch(said);
        // its headers are not those of the gateway either
        expect(watch.faults.join('\n')).toMatch(/strict-transport-security is undefined/);
        await context.close();
      }
    } finally {
      await browser.close();
    }
  });

  it('complains of what somebody cannot read or reach', async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.setContent(
        '<p style="width:2000px;color:#777;background:#888">unreadable</p><input>',
      );
      const said = (await lookAt(page, 'watch-of-itself', 'one')).join('\n');
      for (const fault of ['phone-light: wider than', 'color-contrast', 'label', 'html-has-lang'])
        expect(said).toContain(fault);
    } finally {
      await browser.close();
    }
  });
});
