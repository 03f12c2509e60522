import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a run under Core Tools lacks, and how to get it: a sentence each. */
export function missing(folder: string, path: string): readonly string[] {
  const isInstalled = path
    .split(delimiter)
    .some((place) =>
      ['func', 'func.exe', 'func.cmd'].some((name) => existsSync(join(place, name))),
    );
  return [
    ...(isInstalled
      ? []
      : [
          'Azure Functions Core Tools are not installed: npm install --global azure-functions-core-tools@4 brings `func`.',
        ]),
    ...(existsSync(join(folder, 'local.settings.json'))
      ? []
      : [
          'local.settings.json is not there: copy local.settings.sample.json and fill it as docs/operations.md says (Settings).',
        ]),
  ];
}
