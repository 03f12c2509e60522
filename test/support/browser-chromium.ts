import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** The machine's own Chromium: nothing is downloaded for the tests. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export const chromiumMissing = existsSync(executablePath)
  ? undefined
  : `no Chromium at ${executablePath} (CHROMIUM names another one): the browser tests are not run`;

/** In CI they fail instead: there, not to have looked is no green. */
export const skipsBrowserTests = chromiumMissing !== undefined && process.env['CI'] !== 'true';

export async function launchChromium(): Promise<Browser> {
  if (chromiumMissing) throw new Error(chromiumMissing);
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
