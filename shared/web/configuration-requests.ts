import { type ConfigurationApplied, configurationBody } from '../api/configuration.ts';
import type { Applied } from '../flows/configuration/apply.ts';
import { badRequest, readBody } from './admin-body.ts';
import type { WebResponse } from './headers.ts';
import { graphError, jsonAnswer } from './json.ts';
import { readQuery, type WebRequest } from './request.ts';

const maxBytes = 32 * 1024 * 1024;

export const readConfigurationBody = (request: WebRequest) =>
  readBody(request, configurationBody, { maxBytes, maxDepth: 3 });

/** Anything but a plain true or false is refused: a misspelt dry run must not apply. */
export function readDryRun(request: WebRequest): boolean | WebResponse {
  const { values, duplicates } = readQuery(request);
  const strange = [...values.keys()].find((name) => name !== 'dryRun') ?? duplicates[0];
  if (strange !== undefined)
    return badRequest([
      { target: strange.slice(0, 40), message: 'the one parameter is dryRun, once' },
    ]);
  const asked = values.get('dryRun') ?? 'false';
  if (asked === 'true' || asked === 'false') return asked === 'true';
  return badRequest([{ target: 'dryRun', message: 'expected true or false' }]);
}

/** Every fault names its file and the place in it: `target` is `<file>#<pointer>`. */
export function configurationAnswer(applied: Applied): WebResponse {
  switch (applied.kind) {
    case 'faults':
      return badRequest(
        applied.faults.map(({ file, pointer, message }) => ({
          target: `${file}#${pointer}`,
          message,
        })),
      );
    case 'changedMeanwhile':
      return graphError(
        412,
        'PreconditionFailed',
        'The configuration was changed by somebody else meanwhile.',
      );
    case 'applied': {
      const { kind: _, effectiveBy, ...rest } = applied;
      const body: ConfigurationApplied = {
        ...rest,
        changes: [...rest.changes],
        warnings: [...rest.warnings],
        effectiveBy: effectiveBy.toISOString(),
      };
      return jsonAnswer(200, body, { ETag: applied.etag });
    }
  }
}
