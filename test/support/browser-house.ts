import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { startWorld, type World, type WorldOptions } from '../../dev/world.ts';
import { chromiumMissing, launchChromium, skipsBrowserTests } from './browser-chromium.ts';
import { type Clock, openClock } from './browser-clock.ts';
import { type Watch, watchContext } from './browser-watch.ts';

export type JournalLine = {
  readonly event: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** A person's browser: one profile, one window to begin with. */
export type Visitor = {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly watch: Watch;
};

/**
 * One world and one Chromium for a file's tests. After each test nothing may have been complained
 * of, in whichever window.
 */
export function useHouse({ seed }: Pick<WorldOptions, 'seed'> = {}) {
  // nothing here waits for a time to pass: long limits only cost where something is broken
  vi.setConfig({ testTimeout: 120_000 });
  const clock: Clock = openClock();
  const journal: JournalLine[] = [];
  const visitors: Visitor[] = [];
  let world: World | undefined;
  let browser: Browser | undefined;

  beforeAll(async () => {
    if (skipsBrowserTests) return;
    if (chromiumMissing) throw new Error(chromiumMissing);
    [world, browser] = await Promise.all([
      startWorld({
        clock: clock.now,
        ...(seed ? { seed } : {}),
        journal: { line: (_level, event, detail = {}) => void journal.push({ event, detail }) },
      }),
      launchChromium(),
    ]);
  });
  afterEach(async () => {
    const faults = visitors.flatMap(({ watch }) => watch.faults);
    await Promise.all(visitors.splice(0).map(({ context }) => context.close()));
    expect(faults).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  return {
    clock,
    journal,
    get world(): World {
      if (!world) throw new Error('the world is not open');
      return world;
    },
    /** A new browser profile, as on another device. */
    async visitor(options: BrowserContextOptions = {}): Promise<Visitor> {
      if (!browser || !world) throw new Error('the world is not open');
      const context = await browser.newContext({ locale: 'en-GB', ...options });
      context.setDefaultTimeout(15_000);
      const watch = await watchContext(context, world);
      const visitor = { context, watch, page: await context.newPage() };
      visitors.push(visitor);
      return visitor;
    },
    person(name: 'Ann' | 'Ben' | 'Cho' | 'Dora') {
      const found = world?.people.find((person) => person.name.startsWith(name));
      if (!found) throw new Error(`nobody is called ${name}`);
      return found;
    },
  };
}

export type House = ReturnType<typeof useHouse>;
