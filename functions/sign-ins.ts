import { app, type HttpRequest } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { admit } from '../shared/flows/admin/admit.ts';
import { findLogged } from '../shared/flows/admin/find-logged.ts';
import { listSignIns } from '../shared/flows/admin/list-log.ts';
import { signInLog } from '../shared/flows/admin/walk-log.ts';
import { signInAnswer, signInsAnswer } from '../shared/web/log-answers.ts';
import { readSignInsQuery } from '../shared/web/log-requests.ts';
import { type Act, serveAdministrators } from '../shared/web/serve-administrators.ts';

const read: Act = { activity: 'readSignIns', anyOf: ['AuditLog.Read.All'] };

/** GET /v1.0/auditLogs/signIns, GET /v1.0/auditLogs/signIns/{reference}: sign-ins that ended. */
app.http('sign-ins', {
  route: 'v1.0/auditLogs/signIns/{reference?}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: serveAdministrators(
    compose,
    admit,
    () => read,
    async (request: HttpRequest, house, now) => {
      const { reference } = request.params;
      if (reference !== undefined)
        return signInAnswer(house.issuer, await findLogged(house, signInLog, reference));
      const asked = readSignInsQuery(request, now);
      if (asked.kind === 'bad') return asked.response;
      return signInsAnswer(house.issuer, asked.query, await listSignIns(house, asked.query));
    },
  ),
});
