/**
 * Shows every page and mail as a guest sees it: `node test/support/page-gallery.ts [name …]` writes markup
 * and screenshots to reports/pages, and fails when axe or the content security policy complains.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core';
import type { MailMessage } from '../../shared/ports.ts';
import { languages } from '../../shared/web/copy/index.ts';
import type { WebResponse } from '../../shared/web/headers.ts';
import { renderMail } from '../../shared/web/mails/render-mail.ts';
import { respond } from '../../shared/web/respond.ts';
import { everyAnswer, usualTexts } from '../unit/web/every-answer.ts';
import { everyMail } from '../unit/web/every-mail.ts';

const folder = 'reports/pages';
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const long = {
  ...usualTexts,
  organisation:
    'Nordrhein-Westfälische Krankenhausbeteiligungsverwaltungsgesellschaft mbH & Co. KG',
  app: 'Wirtschaftsprüfungsunterlagenfreigabeportal International',
  home: 'Contoso Rechtsanwaltspartnerschaftsgesellschaft mbB',
  mail: 'maximiliana.freifrau-von-und-zu-hohenstein@subsidiary.contoso.example',
};

/** The pages that are looked at in every form; the others in one. */
const main = new Set([
  'sign-in',
  'sign-in-no-way-in',
  'enrol',
  'enrol-wrong',
  'challenge',
  'challenge-wrong',
  'passcode',
  'passcode-not-sent',
  'passcode-wrong',
  'sign-out',
  'blocked-with-sponsor',
  'message-app-fault',
  'message-with-everything',
  'go-home',
  'form-post',
]);

type View = { readonly name: string; readonly context: BrowserContextOptions };

const size = (width: number, height: number) => ({ viewport: { width, height } });
const views: readonly View[] = [
  { name: 'phone-light', context: { ...size(390, 844), colorScheme: 'light' } },
  { name: 'phone-dark', context: { ...size(390, 844), colorScheme: 'dark' } },
  { name: 'desk-light', context: { ...size(1280, 800), colorScheme: 'light' } },
  { name: 'desk-dark', context: { ...size(1280, 800), colorScheme: 'dark' } },
];
const special: readonly View[] = [
  { name: 'narrow', context: size(320, 640) },
  // 200 % zoom of a 1280 × 800 window
  { name: 'zoomed', context: { ...size(640, 400), deviceScaleFactor: 2 } },
  { name: 'forced-colors', context: { ...size(1280, 800), forcedColors: 'active' } },
];

type Exhibit = {
  readonly name: string;
  readonly response: WebResponse;
  readonly in: readonly View[];
};

function exhibits(): Exhibit[] {
  const all: Exhibit[] = [];
  for (const language of languages) {
    const names = { organisation: long.organisation, app: long.app, guest: long.sponsor };
    const others = everyMail(language, names, '#ffd400');
    for (const [name, message] of everyMail(language)) {
      const other = others.get(name) ?? message;
      all.push({ name: `${name}.${language}`, response: mailResponse(message), in: views });
      all.push({ name: `long-${name}.${language}`, response: mailResponse(other), in: special });
    }
    const asked = { method: 'POST', acceptLanguage: language, now: new Date() };
    for (const [name, answer] of everyAnswer()) {
      const response = respond(answer, asked);
      all.push({
        name: `${name}.${language}`,
        response,
        in: main.has(name) ? [...views, ...special] : views.slice(0, 1),
      });
    }
    for (const [name, answer] of everyAnswer(long, {
      organisation: { name: long.organisation, accentColour: '#ffd400' },
    })) {
      if (!main.has(name)) continue;
      all.push({
        name: `long-${name}.${language}`,
        response: respond(answer, asked),
        in: [...views.slice(0, 1), ...views.slice(3), ...special.slice(0, 1)],
      });
    }
  }
  return all;
}

/** As in a mail program that loads nothing from elsewhere. */
function mailResponse(message: MailMessage): WebResponse {
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
  };
  return { status: 200, headers, cookies: [], body: renderMail(message).html };
}

async function show(browser: Browser, view: View, shown: readonly Exhibit[], origin: string) {
  const faults: string[] = [];
  const context = await browser.newContext(view.context);
  // pages that leave stay where they are, to be looked at
  await context.route(
    (url) => url.origin !== origin,
    (route) => route.fulfill({ status: 204 }),
  );
  const page = await context.newPage();
  let current = '';
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) {
      faults.push(`${current}: ${message.text()}`);
    }
  });
  for (const { name } of shown) {
    current = `${name} ${view.name}`;
    // the load of a page that leaves at once never ends
    await page.goto(`${origin}/${name}`, { waitUntil: 'commit' });
    await page.locator('main').waitFor();
    await page.screenshot({ path: `${folder}/${name}.${view.name}.png`, fullPage: true });
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth > document.documentElement.clientWidth',
    );
    if (overflow) faults.push(`${current}: wider than the window`);
    const axe = await new AxeBuilder({ page }).analyze();
    for (const { id, nodes } of axe.violations) {
      faults.push(`${current}: axe ${id} ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
    }
  }
  await context.close();
  return faults;
}

async function run(only: readonly string[]): Promise<void> {
  if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}`);
  const all = exhibits().filter(
    ({ name }) => only.length === 0 || only.some((part) => name.startsWith(part)),
  );
  const byName = new Map(all.map(({ name, response }) => [name, response]));
  if (only.length === 0) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, { body }] of byName) writeFileSync(`${folder}/${name}.html`, body);
  const server = createServer((request, response) => {
    const exhibit = byName.get(decodeURIComponent(request.url ?? '').slice(1));
    // over http, so that a browser would upgrade nothing
    const { 'Strict-Transport-Security': _, ...headers } = exhibit?.headers ?? {};
    response.writeHead(exhibit?.status ?? 404, headers).end(exhibit?.body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({
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
  const faults: string[] = [];
  let count = 0;
  try {
    for (const view of [...views, ...special]) {
      const shown = all.filter((exhibit) => exhibit.in.includes(view));
      count += shown.length;
      faults.push(...(await show(browser, view, shown, origin)));
    }
  } finally {
    await browser.close();
    server.close();
  }
  for (const fault of faults) console.error(fault);
  console.log(`${count} screenshots in ${folder}, ${faults.length} faults`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}

await run(process.argv.slice(2));
