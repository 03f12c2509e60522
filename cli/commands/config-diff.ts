import { exitCodes } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { applyFolder } from '../config.ts';
import { readFolder } from '../folder.ts';
import { changesText } from './changes-text.ts';

export const configDiff = defineCommand({
  name: 'config diff',
  summary: `Say what \`config apply\` would change. Exit code 0: nothing; 1: something.
The folder is checked as by \`config apply\`, so this needs the same role.`,
  arguments: ['<dir>'],
  options: {},
  connects: true,
  examples: [
    'vestibule config diff ./configuration',
    'vestibule config diff ./configuration --json | jq -r ".changes[].file"',
  ],
  async run({ client, env, paint }, { positionals: [dir = ''] }) {
    const opened = client();
    const applied = await applyFolder(opened, await readFolder(dir, env), {
      dryRun: true,
      wait: false,
    });
    const { created, updated } = applied.guests;
    const differs = applied.changes.length > 0 || created + updated > 0;
    return {
      json: applied,
      text: `${differs ? 'differs' : 'same'}\n${changesText(applied, paint)}`,
      exitCode: differs ? exitCodes.negative : exitCodes.ok,
    };
  },
});
