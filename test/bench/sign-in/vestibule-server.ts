import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { startHost } from '../../../dev/host/start-host.ts';
import { installHouse } from '../../../shared/compose-override.ts';
import { serveBench } from './protocol.ts';
import { openBenchHouse } from './vestibule-house.ts';

/** The real functions behind the local host, on ports in memory. */
const clock = { aheadMs: 0 };
const functions = resolve(import.meta.dirname, '../../../functions');
const mfa = process.argv.includes('--mfa');
let issuer = '';

const host = await startHost({
  port: 0,
  hostname: '127.0.0.1',
  log: () => undefined,
  schedule: false,
  env: (url) => {
    issuer = url;
    return {};
  },
  load: async () => {
    installHouse(await openBenchHouse(issuer, mfa, clock));
    for (const file of globSync(`${functions}/*.ts`).sort()) await import(file);
  },
});
serveBench(host.url, { clock });
