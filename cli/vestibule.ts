import { run } from './run.ts';

// The reader may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// Not process.exit, which would cut off what a pipe has not taken yet.
process.exitCode = await run(process.argv.slice(2), process);
