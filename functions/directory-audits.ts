import { app, type HttpRequest } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { admit } from '../shared/flows/admin/admit.ts';
import { findLogged } from '../shared/flows/admin/find-logged.ts';
import { listAudits } from '../shared/flows/admin/list-log.ts';
import { auditLog } from '../shared/flows/admin/walk-log.ts';
import { auditAnswer, auditsAnswer } from '../shared/web/log-answers.ts';
import { readAuditsQuery } from '../shared/web/log-requests.ts';
import { type Act, serveAdministrators } from '../shared/web/serve-administrators.ts';

const read: Act = { activity: 'readAudits', anyOf: ['AuditLog.Read.All'] };

/** GET /v1.0/auditLogs/directoryAudits, GET /v1.0/auditLogs/directoryAudits/{reference}: what administrators did. */
app.http('directory-audits', {
  route: 'v1.0/auditLogs/directoryAudits/{reference?}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: serveAdministrators(
    compose,
    admit,
    () => read,
    async (request: HttpRequest, house, now) => {
      const { reference } = request.params;
      if (reference !== undefined)
        return auditAnswer(house.issuer, await findLogged(house, auditLog, reference));
      const asked = readAuditsQuery(request, now);
      if (asked.kind === 'bad') return asked.response;
      return auditsAnswer(house.issuer, asked.query, await listAudits(house, asked.query));
    },
  ),
});
