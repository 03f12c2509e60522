import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';

/** Every 30 seconds: mails what no request could. */
app.timer('mail-outbox', {
  schedule: '*/30 * * * * *',
  handler: async () => {
    const { emptyOutbox } = await import('../shared/flows/mail/empty-outbox.ts');
    const house = compose();
    await emptyOutbox(house, house.now());
  },
});
