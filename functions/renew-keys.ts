import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';

/** Every hour: publishes the successors of signing keys. */
app.timer('renew-keys', {
  schedule: '0 41 * * * *',
  handler: async () => {
    await compose().keys.administration.renew();
  },
});
