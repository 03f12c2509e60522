import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { startHost } from '../../../dev/host/start-host.ts';
import { tellParent } from './tell.ts';

/** Every function behind the local host, from source or from the bundle named. Its first answer needs no table. */
const [, , bundle] = process.argv;
const functions = resolve(import.meta.dirname, '../../../functions');
const tables =
  'DefaultEndpointsProtocol=http;AccountName=bench;AccountKey=YmVuY2g=;TableEndpoint=http://127.0.0.1:9/bench;';

const host = await startHost({
  port: 0,
  hostname: '127.0.0.1',
  log: () => undefined,
  schedule: false,
  load: bundle === undefined ? globSync(`${functions}/*.ts`).sort() : [bundle],
  env: (url) => ({
    VESTIBULE_ISSUER: url,
    VESTIBULE_TABLES: tables,
    VESTIBULE_LOCAL_KEY: Buffer.alloc(32, 'bench').toString('base64url'),
  }),
});
tellParent(host.url);
