import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { admit } from '../shared/flows/admin.ts';
import { applyConfiguration } from '../shared/flows/apply-configuration.ts';
import { showConfiguration } from '../shared/flows/show-configuration.ts';
import { refusalOf } from '../shared/web/admin.ts';
import {
  configurationAnswer,
  isDryRun,
  readConfigurationBody,
} from '../shared/web/configuration-requests.ts';
import { jsonAnswer } from '../shared/web/json.ts';
import { bearerOf, serve } from '../shared/web/serve.ts';

/** GET, PUT /manage/config: the whole configuration as one version. */
app.http('config', {
  route: 'manage/config',
  methods: ['GET', 'PUT'],
  authLevel: 'anonymous',
  handler: serve('graph', compose, async (request, house, now) => {
    const isPut = request.method === 'PUT';
    const admission = await admit(
      house,
      {
        token: bearerOf(request),
        activity: isPut ? 'applyConfiguration' : 'showConfiguration',
        anyOf: isPut
          ? ['Configuration.ReadWrite.All']
          : ['Configuration.Read.All', 'Configuration.ReadWrite.All'],
      },
      now,
    );
    if (admission.kind !== 'admitted') return refusalOf(admission);
    if (!isPut) {
      const shown = await showConfiguration(house);
      return jsonAnswer(200, shown, { ETag: shown.etag });
    }
    const read = await readConfigurationBody(request);
    if (read.kind === 'bad') return read.response;
    const applied = await applyConfiguration(
      house,
      {
        folder: read.body.files,
        dryRun: isDryRun(request),
        ifMatch: request.headers.get('if-match') ?? undefined,
        administrator: admission.administrator.name,
        isLocalWorld: house.isLocalWorld,
      },
      now,
    );
    return configurationAnswer(applied);
  }),
});
