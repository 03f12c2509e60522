import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { type Act, serveAdministrators } from '../shared/web/serve-administrators.ts';

const list: Act = { activity: 'listKeys', anyOf: ['Keys.Read.All', 'Keys.ReadWrite.All'] };
const change: Act = { activity: 'changeKeys', anyOf: ['Keys.ReadWrite.All'] };

/** GET, POST /manage/keys: which keys there are; rotate them or revoke one. */
app.http('keys', {
  route: 'manage/keys',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: serveAdministrators(
    compose,
    () => import('../shared/flows/admin/admit.ts'),
    (request) => (request.method === 'POST' ? change : list),
    async (request, house, now, administrator) => {
      const { keyListAnswer, keyResultAnswer, readKeysBody } = await import(
        '../shared/web/keys-requests.ts'
      );
      if (request.method === 'GET') return keyListAnswer(await house.keys.administration.list());
      const read = await readKeysBody(request);
      if (read.kind === 'bad') return read.response;
      const { changeKeys } = await import('../shared/flows/admin/keys.ts');
      return keyResultAnswer(await changeKeys(house, { ...read.body, administrator }, now));
    },
  ),
});
