import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';

/** Sundays at three: takes away what ended and no sign-in has taken away since. */
app.timer('prune-guests', {
  schedule: '0 0 3 * * 0',
  handler: async () => {
    const { pruneGuests } = await import('../shared/flows/prune-guests.ts');
    const house = compose();
    await pruneGuests(house, house.now());
  },
});
