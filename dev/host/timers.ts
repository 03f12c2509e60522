import { Cron } from 'croner';
import { runCounted } from './call-counter.ts';
import type { Registration } from './functions-core.ts';
import { type HostLog, invokeTimer } from './invoke.ts';

export type TimerFunction = { kind: 'timer'; name: string; schedule: string };

/** One timer: as on the platform its runs never overlap. */
export function createTimer(
  registration: Registration,
  schedule: string,
  options: { log: HostLog; scheduled: boolean },
) {
  const { name } = registration;
  let last: Promise<unknown> = Promise.resolve();
  let stopped = false;

  const cron = openCron(name, schedule, options.scheduled, () => {
    // a failed run is in the log, and the next one is due all the same
    fire().catch(() => undefined);
  });

  function fire(): Promise<void> {
    const run = last.then(async () => {
      if (stopped) return;
      const { calls } = await runCounted(() =>
        invokeTimer(registration, { lastRun: new Date(), nextRun: cron.nextRun() }, options.log),
      );
      options.log(`timer ${name} done · ${calls} calls`);
    });
    last = run.catch((error: unknown) => {
      options.log(`timer ${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
    });
    return run;
  }

  return {
    name,
    /** Runs it now, after a run in progress; rejects with what the function throws. */
    fire,
    /** No further run; resolves when the last one is done. */
    async stop(): Promise<void> {
      stopped = true;
      cron.stop();
      await last;
    },
  };
}

function openCron(name: string, schedule: string, scheduled: boolean, due: () => void): Cron {
  try {
    // NCRONTAB: six fields, day of month and day of week must both fit, UTC (named, it would cost Intl)
    const options = { mode: '6-part', domAndDow: true, utcOffset: 0, unref: true } as const;
    return new Cron(schedule, { ...options, paused: !scheduled }, due);
  } catch (error) {
    throw new Error(`timer ${name}: ${schedule} is no schedule of six fields`, { cause: error });
  }
}
