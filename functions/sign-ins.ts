import { app, type HttpRequest } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { type Act, serveAdministrators } from '../shared/web/serve-administrators.ts';

const read: Act = { activity: 'readSignIns', anyOf: ['AuditLog.Read.All'] };

/** GET /v1.0/auditLogs/signIns, GET /v1.0/auditLogs/signIns/{reference}: sign-ins that ended. */
app.http('sign-ins', {
  route: 'v1.0/auditLogs/signIns/{reference?}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: serveAdministrators(
    compose,
    () => import('../shared/flows/admin/admit.ts'),
    () => read,
    async (request: HttpRequest, house, now) => {
      const { reference } = request.params;
      const { signInAnswer, signInsAnswer } = await import('../shared/web/log-answers.ts');
      if (reference !== undefined) {
        const { findLogged } = await import('../shared/flows/admin/find-logged.ts');
        const { signInLog } = await import('../shared/flows/admin/walk-log.ts');
        return signInAnswer(house.issuer, await findLogged(house, signInLog, reference));
      }
      const { readSignInsQuery } = await import('../shared/web/log-requests.ts');
      const asked = readSignInsQuery(request, now);
      if (asked.kind === 'bad') return asked.response;
      const { listSignIns } = await import('../shared/flows/admin/list-log.ts');
      return signInsAnswer(house.issuer, asked.query, await listSignIns(house, asked.query));
    },
  ),
});
