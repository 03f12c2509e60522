import { app } from '@azure/functions';
import { compose } from '../shared/compose.ts';
import { jsonAnswer } from '../shared/web/json.ts';
import { type Act, serveAdministrators } from '../shared/web/serve-administrators.ts';

const show: Act = {
  activity: 'showConfiguration',
  anyOf: ['Configuration.Read.All', 'Configuration.ReadWrite.All'],
};
const apply: Act = { activity: 'applyConfiguration', anyOf: ['Configuration.ReadWrite.All'] };

/** GET, PUT /manage/config: the whole configuration as one version. */
app.http('config', {
  route: 'manage/config',
  methods: ['GET', 'PUT'],
  authLevel: 'anonymous',
  handler: serveAdministrators(
    compose,
    () => import('../shared/flows/admin/admit.ts'),
    (request) => (request.method === 'PUT' ? apply : show),
    async (request, house, now, administrator) => {
      if (request.method === 'GET') {
        const { showConfiguration } = await import('../shared/flows/configuration/show.ts');
        const shown = await showConfiguration(house);
        return jsonAnswer(200, shown, { ETag: shown.etag });
      }
      const { configurationAnswer, readConfigurationBody, readDryRun } = await import(
        '../shared/web/configuration-requests.ts'
      );
      const dryRun = readDryRun(request);
      if (typeof dryRun !== 'boolean') return dryRun;
      const read = await readConfigurationBody(request);
      if (read.kind === 'bad') return read.response;
      const input = {
        folder: read.body.files,
        dryRun,
        ifMatch: request.headers.get('if-match') ?? undefined,
        administrator: administrator.name,
        isLocalWorld: house.isLocalWorld,
        clock: house.now,
      };
      const { applyConfiguration } = await import('../shared/flows/configuration/apply.ts');
      return configurationAnswer(await applyConfiguration(house, input, now));
    },
  ),
});
