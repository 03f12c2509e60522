import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ConfigurationShown, configurationShown } from '../../shared/api/configuration.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import { bodyOf } from '../client.ts';
import { defineCommand } from '../command.ts';
import { jsonFilesBelow } from '../folder.ts';
import { counted, list, printable } from '../text.ts';

export const configShow = defineCommand({
  name: 'config show',
  summary: `Show the configuration that is in force, or write it into a folder.
Partners' secrets come in their sealed form, which this gateway takes back; guests are no part of
it. Files of the folder that the gateway does not have stay, and are named.`,
  arguments: [],
  options: {
    out: { type: 'string', value: 'DIR', help: 'write the files there' },
  },
  connects: true,
  examples: [
    'vestibule config show',
    'vestibule config show --out ./configuration',
    'vestibule config show --json | jq -r ".etag"',
  ],
  async run({ client }, { values: { out } }) {
    const answer = await client().request('GET', '/manage/config');
    const shown = bodyOf(configurationShown, answer, 'GET /manage/config');
    if (out === undefined)
      return {
        json: shown,
        text: [
          headOf(shown),
          ...Object.keys(shown.files).map((name) => `  ${printable(name)}`),
        ].join('\n'),
      };
    const { written, kept } = await writeFolder(out, shown.files);
    const { etag, version } = shown;
    return {
      json: { etag, version, written, kept },
      text: [
        headOf(shown),
        `${counted(written.length, 'file')} written to ${printable(out)}`,
        ...(kept.length === 0
          ? []
          : ['not at the gateway, left as they are:', list(kept.map((name) => [name, '']))]),
      ].join('\n'),
    };
  },
});

function headOf({ version, etag, appliedAt, appliedBy }: ConfigurationShown): string {
  if (version === 0) return 'no configuration has been applied yet';
  const by = appliedBy === undefined ? '' : ` by ${printable(appliedBy)}`;
  return `version ${version} (ETag ${printable(etag)}), applied ${printable(appliedAt ?? 'at an unknown time')}${by}`;
}

/** Names of a configuration's files. INVARIANT: none leads out of the folder, whatever the server says. */
const fileName = /^(?:settings|[A-Za-z]{1,40}\/[A-Za-z0-9 ._()#+-]{1,120})\.json$/;

async function writeFolder(out: string, files: Readonly<Record<string, string>>) {
  const written = Object.keys(files).sort();
  const strange = written.find((name) => !fileName.test(name) || name.includes('..'));
  if (strange !== undefined)
    throw new CliError(`the gateway names a file "${strange}", which no configuration has`, {
      exitCode: exitCodes.unavailable,
      fix: 'check VESTIBULE_ISSUER; nothing was written',
    });
  try {
    await mkdir(out, { recursive: true });
    for (const name of written) {
      const path = join(out, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, files[name] ?? '');
    }
  } catch (cause) {
    throw new CliError(`the folder ${out} cannot be written: ${String(cause)}`, {
      exitCode: exitCodes.usage,
      fix: 'name a folder that you may write to',
      cause,
    });
  }
  const there = await jsonFilesBelow(out);
  const kept = there.filter((name) => !written.includes(name) && !name.startsWith('guests/'));
  return { written, kept: kept.sort() };
}
