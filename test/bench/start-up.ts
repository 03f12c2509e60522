import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApp } from '../../scripts/build/build-app.ts';
import { median, number } from './support/figures.ts';
import type { Budget, Section } from './support/section.ts';

/** From the start of a process to its first answer. */
const rounds = 7;
const path = '/.well-known/openid-configuration';

type Variant = {
  readonly name: string;
  readonly module: string;
  readonly args?: readonly string[];
  readonly cache?: string;
};

export async function measureStartUp(): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'vestibule-bench-'));
  try {
    const app = join(folder, 'app');
    const { codeBytes } = await buildApp(app, join(folder, 'app.cjs.map'));
    return await measure(join(app, 'main.cjs'), codeBytes, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(bundle: string, bytes: number, folder: string): Promise<Section> {
  const gateway = import.meta.resolve('./start-up/gateway.ts');
  const bare: Variant = {
    name: 'bare node:http',
    module: import.meta.resolve('./start-up/bare.ts'),
  };
  const host: Variant = {
    name: 'one empty function behind the local host',
    module: import.meta.resolve('./start-up/empty-function.ts'),
  };
  const hostCached: Variant = {
    ...host,
    name: 'that, compile cache filled',
    cache: join(folder, 'host'),
  };
  const source: Variant = { name: 'the gateway from source', module: gateway };
  const built: Variant = { name: 'the gateway’s bundle', module: gateway, args: [bundle] };
  const cached: Variant = {
    ...built,
    name: 'the bundle, compile cache filled',
    cache: join(folder, 'bundle'),
  };
  const variants = [bare, host, hostCached, source, built, cached];
  const taken = new Map<Variant, Start[]>(variants.map((variant) => [variant, []]));
  for (const variant of [hostCached, cached]) await firstAnswer(variant); // fills the cache
  for (let round = 0; round < rounds; round++)
    for (const [variant, all] of taken) all.push(await firstAnswer(variant));

  const of = (variant: Variant, figure: keyof Start): readonly number[] =>
    (taken.get(variant) ?? []).map((start) => start[figure]);
  const above = (variant: Variant, below = bare, figure: keyof Start = 'ms') => {
    const base = of(below, figure);
    return median(of(variant, figure).map((ms, i) => ms - (base[i] ?? Number.NaN)));
  };
  const times = (variant: Variant) => {
    const base = of(bare, 'ms');
    return median(of(variant, 'ms').map((ms, i) => ms / (base[i] ?? Number.NaN)));
  };
  return {
    title: 'Start-up',
    text: [
      `From the start of a process to its first answer (\`${path}\`, which needs no table), ${rounds} times in turn. The bundle is what \`npm run build\` makes, ${Math.round(bytes / 1000)} KB of code.`,
      'The local host stands in for Azure’s, whose worker is running before it is given an app. It is TypeScript, so that Node strips its types at every start; what the gateway itself adds is its distance to an empty function behind the same host, measured in the same round. CPU time, of all threads up to the first answer, is the steadier figure where others use the same cores.',
    ],
    tables: [
      {
        head: [
          'Process',
          'First answer, ms',
          'Above bare node:http, ms',
          '÷ bare node:http',
          'CPU ms',
          'Above bare, CPU ms',
        ],
        rows: variants.map((variant) => [
          variant.name,
          number(median(of(variant, 'ms'))),
          variant === bare ? '' : number(above(variant)),
          variant === bare ? '' : `${number(times(variant))}×`,
          number(median(of(variant, 'cpuMs'))),
          variant === bare ? '' : number(above(variant, bare, 'cpuMs')),
        ]),
      },
    ],
    budgets: [
      budget('the bundle above bare node:http', 35, above(built)),
      budget('the same, compile cache filled', 20, above(cached)),
      budget('the bundle above an empty function, same host', 35, above(built, host)),
      budget('the same, compile caches filled', 20, above(cached, hostCached)),
      {
        what: 'size of the bundle',
        aim: '≤ 900 KB',
        figure: `${Math.round(bytes / 1000)} KB`,
        met: bytes <= 900_000,
      },
    ],
  };
}

const budget = (what: string, aimMs: number, ms: number): Budget => ({
  what,
  aim: `≤ ${aimMs} ms`,
  figure: `${number(ms)} ms`,
  met: ms <= aimMs,
});

type Start = { readonly ms: number; readonly cpuMs: number };

async function firstAnswer({ module, args = [], cache }: Variant): Promise<Start> {
  const { NODE_COMPILE_CACHE: _, NODE_DISABLE_COMPILE_CACHE: __, ...env } = process.env;
  const started = performance.now();
  const child = fork(fileURLToPath(module), [...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // the bundle opens a cache by itself
    env: {
      ...env,
      ...(cache ? { NODE_COMPILE_CACHE: cache } : { NODE_DISABLE_COMPILE_CACHE: '1' }),
    },
  });
  const [url]: string[] = await once(child, 'message');
  const response = await fetch(`${url}${path}`);
  const ms = performance.now() - started;
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  await response.arrayBuffer();
  child.send('cpu');
  const [cpuMs]: number[] = await once(child, 'message');
  const exited = once(child, 'exit');
  // ends by itself, so that what it compiled is kept
  child.disconnect();
  await exited;
  return { ms, cpuMs: cpuMs ?? Number.NaN };
}
