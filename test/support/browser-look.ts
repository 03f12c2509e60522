import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Screenshots end here, to be looked at by people: one per page, window and colour scheme. */
const folder = resolve(import.meta.dirname, '../../reports/e2e');

const windows = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 } } as const;

type View = { readonly window: keyof typeof windows; readonly colorScheme: 'light' | 'dark' };

const phoneLight: View = { window: 'phone', colorScheme: 'light' };
const deskDark: View = { window: 'desk', colorScheme: 'dark' };
const others: readonly View[] = [
  { window: 'phone', colorScheme: 'dark' },
  { window: 'desk', colorScheme: 'light' },
];

/** Colours depend on the scheme and sizes on the window: for axe two views show each of both. */
const forms = {
  one: { shown: [deskDark, phoneLight], examined: [phoneLight] },
  every: { shown: [...others, deskDark, phoneLight], examined: [phoneLight, deskDark] },
} as const;

/** Looks at the page as it stands, in several forms; gives what is wrong with it. */
export async function lookAt(
  page: Page,
  name: string,
  form: keyof typeof forms,
): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const faults: string[] = [];
  // out of the way of what changes under it
  await page.mouse.move(0, 0);
  for (const { window, colorScheme } of forms[form].shown) {
    const view = `${name}.${window}-${colorScheme}`;
    await page.setViewportSize(windows[window]);
    await page.emulateMedia({ colorScheme });
    await page.screenshot({
      path: `${folder}/${view}.png`,
      fullPage: true,
      animations: 'disabled',
    });
    const isWide = await page.evaluate(
      'document.documentElement.scrollWidth > document.documentElement.clientWidth',
    );
    if (isWide) faults.push(`${view}: wider than the window`);
  }
  for (const { window, colorScheme } of forms[form].examined) {
    await page.setViewportSize(windows[window]);
    await page.emulateMedia({ colorScheme });
    // without frames nothing needs the window of its own that it would open
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode(true)
      .options({ resultTypes: ['violations'] })
      .analyze();
    for (const { id, nodes } of violations)
      faults.push(
        `${name}.${window}-${colorScheme}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
      );
  }
  return faults;
}
