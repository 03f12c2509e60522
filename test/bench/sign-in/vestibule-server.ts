import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { startHost } from '../../../dev/host/start-host.ts';
import { installHouse } from '../../../shared/compose-override.ts';
import { tellParent } from '../support/child.ts';
import { serveBench } from './protocol.ts';
import { benchHouseOf, openBenchHouse } from './vestibule-house.ts';

/** The real functions behind the local host, on ports in memory. */
const wanted = benchHouseOf(process.argv);
const functions = resolve(import.meta.dirname, '../../../functions');
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
    installHouse(await openBenchHouse(issuer, { ...wanted, deliver: tellParent }));
    for (const file of globSync(`${functions}/*.ts`).sort()) await import(file);
  },
});
serveBench(host.url, wanted);
