import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, number } from './support/figures.ts';
import type { Section } from './support/section.ts';

/** From the start of a process to its first answer. */
const rounds = 7;
const path = '/.well-known/openid-configuration';

type Variant = { readonly name: string; readonly module: string; readonly cache?: string };

export async function measureStartUp(): Promise<Section> {
  const cache = await mkdtemp(join(tmpdir(), 'vestibule-bench-'));
  try {
    return await measure(cache);
  } finally {
    await rm(cache, { recursive: true });
  }
}

async function measure(cache: string): Promise<Section> {
  const unbundled = import.meta.resolve('./start-up/unbundled.ts');
  const bare: Variant = {
    name: 'bare node:http',
    module: import.meta.resolve('./start-up/bare.ts'),
  };
  const source: Variant = { name: 'functions, unbundled', module: unbundled };
  const cached: Variant = { name: 'the same, compile cache filled', module: unbundled, cache };
  const variants = [bare, source, cached];
  const taken = new Map<Variant, number[]>(variants.map((variant) => [variant, []]));
  await firstAnswerMs(cached); // fills the cache
  for (let round = 0; round < rounds; round++)
    for (const [variant, all] of taken) all.push(await firstAnswerMs(variant));

  const above = (variant: Variant) =>
    median((taken.get(variant) ?? []).map((ms, i) => ms - (taken.get(bare)?.[i] ?? Number.NaN)));
  const times = (variant: Variant) =>
    median((taken.get(variant) ?? []).map((ms, i) => ms / (taken.get(bare)?.[i] ?? Number.NaN)));
  return {
    title: 'Start-up',
    text: [
      `From the start of a process to its first answer (\`${path}\`, which needs no table), ${rounds} times in turn. From TypeScript source: Node strips the types of every file as it loads it. There is no bundle yet; the budget is the bundle’s.`,
    ],
    tables: [
      {
        head: ['Process', 'First answer, ms', 'Above bare node:http, ms', '÷ bare node:http'],
        rows: variants.map((variant) => [
          variant.name,
          number(median(taken.get(variant) ?? [])),
          variant === bare ? '' : number(above(variant)),
          variant === bare ? '' : `${number(times(variant))}×`,
        ]),
      },
    ],
    budgets: [
      {
        what: 'bundled app above bare node:http',
        aim: '≤ 35 ms',
        figure: 'no bundle yet',
        met: 'not measured yet',
      },
      {
        what: 'the same with a compile cache',
        aim: '≤ 20 ms',
        figure: 'no bundle yet',
        met: 'not measured yet',
      },
    ],
  };
}

async function firstAnswerMs({ module, cache }: Variant): Promise<number> {
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const started = performance.now();
  const child = fork(fileURLToPath(module), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: cache === undefined ? env : { ...env, NODE_COMPILE_CACHE: cache },
  });
  const [url]: string[] = await once(child, 'message');
  const response = await fetch(`${url}${path}`);
  const ms = performance.now() - started;
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  await response.arrayBuffer();
  const exited = once(child, 'exit');
  // ends by itself, so that what it compiled is kept
  child.disconnect();
  await exited;
  return ms;
}
