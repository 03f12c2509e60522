import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { cleanUp } from '../shared/flows/clean-up.ts';

/** Every five minutes: deletes what has expired. */
app.timer('cleanup', {
  schedule: '0 */5 * * * *',
  handler: async () => {
    const house = compose();
    await cleanUp(house, house.now());
  },
});
