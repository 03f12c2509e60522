import { app } from '@azure/functions';
import { startHost } from '../../../dev/host/start-host.ts';
import { serveBench } from './protocol.ts';

/** A function that does nothing, behind the same local host: what host and library cost alone. */
const host = await startHost({
  port: 0,
  hostname: '127.0.0.1',
  log: () => undefined,
  load: async () => {
    app.http('empty', {
      methods: ['GET', 'POST'],
      authLevel: 'anonymous',
      handler: async () => ({ status: 200, body: '' }),
    });
  },
});
serveBench(host.url);
