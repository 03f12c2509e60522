import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { startHost } from '../../dev/host/start-host.ts';

/** The gateway as a process of its own, so that it can be killed: the functions and nothing else. */
const [, , port, built] = process.argv;
const sources = () => globSync(resolve(import.meta.dirname, '../../functions/*.ts')).sort();
const host = await startHost({
  port: Number(port),
  log: () => undefined,
  schedule: false,
  load: built === undefined ? sources() : [built],
});

process.on('message', (timer: string) => {
  host.fireTimer(timer).then(
    () => process.send?.('done'),
    (error: Error) => process.send?.(`failed: ${error.message}`),
  );
});
process.send?.('ready');
