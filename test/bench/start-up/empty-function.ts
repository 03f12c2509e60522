import { app } from '@azure/functions';
import { startHost } from '../../../dev/host/start-host.ts';
import { tellParent } from './tell.ts';

/** What the local host and the Functions library take by themselves. */
const host = await startHost({
  port: 0,
  hostname: '127.0.0.1',
  log: () => undefined,
  schedule: false,
  load: async () => {
    app.http('empty', {
      route: '{*path}',
      methods: ['GET'],
      authLevel: 'anonymous',
      handler: () => ({ jsonBody: {} }),
    });
  },
});
tellParent(host.url);
