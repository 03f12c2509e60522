import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { admit } from '../shared/flows/admin.ts';
import { listRegistrations } from '../shared/flows/list-registrations.ts';
import { refusalOf } from '../shared/web/admin.ts';
import { readListQuery, registrationsAnswer } from '../shared/web/mfa-requests.ts';
import { bearerOf, serve } from '../shared/web/serve.ts';

/** GET /v1.0/reports/authenticationMethods/userRegistrationDetails: who has proofed up. */
app.http('registration-details', {
  route: 'v1.0/reports/authenticationMethods/userRegistrationDetails',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: serve('graph', compose, async (request, house, now) => {
    const admission = await admit(
      house,
      {
        token: bearerOf(request),
        activity: 'listRegistrations',
        anyOf: [
          'AuditLog.Read.All',
          'UserAuthenticationMethod.Read.All',
          'UserAuthenticationMethod.ReadWrite.All',
        ],
      },
      now,
    );
    if (admission.kind !== 'admitted') return refusalOf(admission);
    const query = readListQuery(request);
    if (query.kind === 'bad') return query.response;
    return registrationsAnswer(
      house.issuer,
      query.query,
      await listRegistrations(house, query.query),
    );
  }),
});
