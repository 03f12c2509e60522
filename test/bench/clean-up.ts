import { openTables } from '../../shared/adapters/store/tables.ts';
import type { Composed } from '../../shared/compose.ts';
import { daysMs, later } from '../../shared/core/time.ts';
import { cleanUp } from '../../shared/flows/clean-up.ts';
import { fill, mixture } from './clean-up/rows.ts';
import type { Question, State } from './sign-in/protocol.ts';
import { openBenchHouse } from './sign-in/vestibule-house.ts';
import { isHeldToOneCore, startChild } from './support/child.ts';
import { median, number } from './support/figures.ts';
import type { Budget, Section } from './support/section.ts';

/** What one run of clean-up costs by what lives, and by what has expired. */
const rounds = 3;
const liveCounts = [1_000, 10_000, 100_000] as const;
const expiredBeside = 2_000;
/** Beside the fewest live rows. */
const fewExpired = 1_000;
const manyExpired = 10_000;

/** A clock that stands: live rows stay of today, expired ones of some days ago. */
const today = new Date('2026-11-18T12:00:00.000Z');
const expiredAt = later(today, -3 * daysMs);

type Run = {
  readonly calls: number;
  readonly gatewayMs: number;
  readonly tableServiceMs: number;
  readonly tookMs: number;
};
type Service = Awaited<ReturnType<typeof startService>>;

export async function measureCleanUp(): Promise<Section> {
  await using services = new AsyncDisposableStack();
  const house = await openBenchHouse('http://127.0.0.1:9', {
    door: 'home',
    mfa: false,
    clock: { aheadMs: 0 },
    deliver: () => undefined,
    journal: { line: () => undefined },
  });
  const levels: Level[] = [];
  for (const live of liveCounts) {
    const service = services.use(await startService(house));
    await fill(service.store, today, live);
    await service.run(fewExpired); // warms both up
    levels.push({ live, service, expired: [], nothing: [] });
  }
  const [{ service } = missing()] = levels;
  const few: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const level of levels) {
      level.expired.push(await level.service.run(expiredBeside));
      level.nothing.push(await level.service.run(0));
    }
    few.push(await service.run(fewExpired));
  }
  return section(levels, few, await service.run(manyExpired));
}

type Level = {
  readonly live: number;
  readonly service: Service;
  /** With the expired rows beside the live ones, and right after. */
  readonly expired: Run[];
  readonly nothing: Run[];
};

function missing(): never {
  throw new Error('nothing was measured');
}

async function startService(house: Composed) {
  const child = await startChild<Question, State>(
    import.meta.resolve('./clean-up/table-service.ts'),
    [],
  );
  let calls = 0;
  const onCall = () => {
    calls++;
  };
  const store = openTables({ connectionString: child.ready.url, onCall });
  await store.ensureTables();
  return {
    store,
    /** Puts so many expired rows beside what lives and cleans up once. */
    async run(expired: number): Promise<Run> {
      await fill(store, expiredAt, expired);
      const before = await child.ask({});
      calls = 0;
      const cpu = process.cpuUsage();
      const started = performance.now();
      const { removed } = await cleanUp({ ...house, store, scan: store }, today);
      const tookMs = performance.now() - started;
      const { user, system } = process.cpuUsage(cpu);
      if (removed !== expired) throw new Error(`${removed} of ${expired} were removed`);
      const { cpuMs } = await child.ask({});
      return {
        calls,
        gatewayMs: (user + system) / 1000,
        tableServiceMs: cpuMs - before.cpuMs,
        tookMs,
      };
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

function section(levels: readonly Level[], few: readonly Run[], many: Run): Section {
  const fewest = levels.at(0) ?? missing();
  const most = levels.at(-1) ?? missing();
  const atMost = (what: string, figure: number, aim: number): Budget => ({
    what,
    aim: `≤ ${aim}×`,
    figure: `${number(figure)}×`,
    met: figure <= aim,
  });
  const byLive = (measure: keyof Run) =>
    median(most.expired.map((run, i) => run[measure] / (fewest.expired[i]?.[measure] ?? 0)));
  const byExpired = (measure: keyof Run) => many[measure] / of(few, measure);
  const live = `${whole(most.live)} live ÷ ${whole(fewest.live)}`;
  const expired = `${whole(manyExpired)} expired ÷ ${whole(fewExpired)}`;
  const row = (lives: number, count: number, runs: readonly Run[]) => [
    whole(lives),
    whole(count),
    whole(of(runs, 'calls')),
    ...(['gatewayMs', 'tableServiceMs', 'tookMs'] as const).map((name) => number(of(runs, name))),
  ];
  return {
    title: 'Clean-up',
    text: [
      `One run of the timer’s work against Azurite, which has a process of its own${isHeldToOneCore ? ', held to one core' : ''}; medians of ${rounds} runs in turn, the last row one run. Live rows are today’s, expired ones of three days ago: ${mixture}. Who led to a guest is looked up with the guest (here nothing is found); who was left gets a row in the log.`,
      '**Clean-up is judged by its table calls and by the gateway’s own CPU.** Azurite looks through all it holds where the table service goes by key range, so Azurite’s own time grows with the live rows. Wall time holds both.',
    ],
    tables: [
      {
        head: [
          'Live rows',
          'Expired',
          'Table calls',
          'CPU of the gateway, ms',
          'CPU of Azurite, ms',
          'Wall time, ms',
        ],
        rows: [
          ...levels.map((level) => row(level.live, expiredBeside, level.expired)),
          ...levels.map((level) => row(level.live, 0, level.nothing)),
          row(fewest.live, fewExpired, few),
          row(fewest.live, manyExpired, [many]),
        ],
      },
    ],
    budgets: [
      atMost(`table calls, ${live}`, byLive('calls'), 1),
      atMost(`CPU of the gateway, ${live}`, byLive('gatewayMs'), 1.25),
      atMost(`table calls, ${expired}`, byExpired('calls'), 10),
      atMost(`CPU of the gateway, ${expired}`, byExpired('gatewayMs'), 12),
    ],
  };
}

const whole = (count: number): string => count.toLocaleString('en-GB');

const of = (runs: readonly Run[], measure: keyof Run): number =>
  median(runs.map((run) => run[measure]));
