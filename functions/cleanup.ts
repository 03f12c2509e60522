import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';

/** Every five minutes: deletes what has expired. */
app.timer('cleanup', {
  schedule: '0 */5 * * * *',
  handler: async () => {
    const { cleanUp } = await import('../shared/flows/clean-up.ts');
    const house = compose();
    await cleanUp(house, house.now());
  },
});
