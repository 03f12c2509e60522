import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { admit } from '../shared/flows/admin/admit.ts';
import { changeKeys } from '../shared/flows/admin/keys.ts';
import { keyListAnswer, keyResultAnswer, readKeysBody } from '../shared/web/keys-requests.ts';
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
    admit,
    (request) => (request.method === 'POST' ? change : list),
    async (request, house, now, administrator) => {
      if (request.method === 'GET') return keyListAnswer(await house.keys.administration.list());
      const read = await readKeysBody(request);
      if (read.kind === 'bad') return read.response;
      return keyResultAnswer(await changeKeys(house, { ...read.body, administrator }, now));
    },
  ),
});
