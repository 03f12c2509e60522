import { app, type HttpRequest } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { type Act, serveAdministrators } from '../shared/web/serve-administrators.ts';

const read: Act = { activity: 'readAudits', anyOf: ['AuditLog.Read.All'] };

/** GET /v1.0/auditLogs/directoryAudits, GET /v1.0/auditLogs/directoryAudits/{reference}: what administrators did. */
app.http('directory-audits', {
  route: 'v1.0/auditLogs/directoryAudits/{reference?}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: serveAdministrators(
    compose,
    () => import('../shared/flows/admin/admit.ts'),
    () => read,
    async (request: HttpRequest, house, now) => {
      const { reference } = request.params;
      const { auditAnswer, auditsAnswer } = await import('../shared/web/log-answers.ts');
      if (reference !== undefined) {
        const { findLogged } = await import('../shared/flows/admin/find-logged.ts');
        const { auditLog } = await import('../shared/flows/admin/walk-log.ts');
        return auditAnswer(house.issuer, await findLogged(house, auditLog, reference));
      }
      const { readAuditsQuery } = await import('../shared/web/log-requests.ts');
      const asked = readAuditsQuery(request, now);
      if (asked.kind === 'bad') return asked.response;
      const { listAudits } = await import('../shared/flows/admin/list-log.ts');
      return auditsAnswer(house.issuer, asked.query, await listAudits(house, asked.query));
    },
  ),
});
