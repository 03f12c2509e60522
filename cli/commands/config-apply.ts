import type { ConfigurationApplied } from '../../shared/api/configuration.ts';
import { usageError } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { applyFolder } from '../config.ts';
import { readFolder } from '../folder.ts';
import { changesText } from './changes-text.ts';

export const configApply = defineCommand({
  name: 'config apply',
  summary: `Make a folder of JSON the whole configuration.
Everything is checked before anything is stored; guests in the folder are added or updated, none
is deleted. Comes back when every instance decides by the new version.`,
  arguments: ['<dir>'],
  options: {
    'dry-run': { type: 'boolean', help: 'check and compare only' },
    'if-match': {
      type: 'string',
      value: 'ETAG',
      help: 'only if the configuration is still this one (from config show)',
    },
    'no-wait': { type: 'boolean', help: 'come back as soon as it is stored' },
  },
  connects: true,
  examples: [
    'vestibule config apply ./configuration --dry-run',
    'vestibule config apply ./configuration',
    'vestibule config apply ./configuration --if-match 4.0f1e2d3c4b5a6978',
  ],
  async run({ client, env, paint, say }, { positionals: [dir = ''], values }) {
    const opened = client();
    const applied = await applyFolder(opened, await readFolder(dir, env), {
      dryRun: values['dry-run'] === true,
      ifMatch: quoted(values['if-match']),
      wait: values['no-wait'] !== true,
      onWait: () => say('stored; waiting until every instance decides by it …'),
    });
    return { json: applied, text: `${headOf(applied)}\n${changesText(applied, paint)}` };
  },
});

function headOf({ dryRun, version, etag, changes, effectiveBy }: ConfigurationApplied): string {
  if (dryRun)
    return `dry run: ${changes.length === 0 ? 'no new version' : `version ${version}`} would be stored`;
  const stored = changes.length === 0 ? 'is unchanged' : 'is stored';
  return `version ${version} ${stored} (ETag ${etag}); in force everywhere from ${effectiveBy}`;
}

/** Shells take the quotes off that belong to an ETag. */
function quoted(etag: string | undefined): string | undefined {
  if (etag === undefined) return undefined;
  const bare = etag.replace(/^"(.*)"$/, '$1');
  if (!/^[\x21\x23-\x7e]+$/.test(bare))
    throw usageError('--if-match is no ETag', 'copy it from `vestibule config show`');
  return `"${bare}"`;
}
