import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { type Act, serveAdministrators } from '../shared/web/serve-administrators.ts';

const list: Act = {
  activity: 'listRegistrations',
  anyOf: [
    'AuditLog.Read.All',
    'UserAuthenticationMethod.Read.All',
    'UserAuthenticationMethod.ReadWrite.All',
  ],
};

/** GET /v1.0/reports/authenticationMethods/userRegistrationDetails: who has proofed up. */
app.http('registration-details', {
  route: 'v1.0/reports/authenticationMethods/userRegistrationDetails',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: serveAdministrators(
    compose,
    () => import('../shared/flows/admin/admit.ts'),
    () => list,
    async (request, house) => {
      const { readRegistrationsQuery, registrationsAnswer } = await import(
        '../shared/web/mfa-requests.ts'
      );
      const read = readRegistrationsQuery(request);
      if (read.kind === 'bad') return read.response;
      const { listRegistrations } = await import('../shared/flows/admin/list-registrations.ts');
      const page = await listRegistrations(house, read.query);
      return registrationsAnswer(house.issuer, read.query, page);
    },
  ),
});
