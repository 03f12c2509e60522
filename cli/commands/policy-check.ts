import { exitCodes } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { checkExports } from '../exports.ts';
import { policyReportText, totalsOf } from './policy-report-text.ts';

export const policyCheck = defineCommand({
  name: 'policy check',
  summary: `Say what becomes of exported policies. Nothing is sent: no gateway is needed.
For a configuration folder, or any folder or file of policies and named locations as Microsoft
Graph returns them. Ends with 1 if something is refused, which keeps a policy from being enabled.`,
  arguments: ['<dir>'],
  options: {},
  connects: false,
  examples: [
    'vestibule policy check ./configuration',
    'vestibule policy check ./export-of-our-tenant',
    'vestibule policy check ./policies.json --json | jq ".totals"',
  ],
  async run({ paint }, { positionals: [path = ''] }) {
    const checked = await checkExports(path);
    const totals = totalsOf(checked);
    return {
      json: { ...checked, totals },
      text: policyReportText(checked, totals, paint),
      exitCode: totals.errors > 0 ? exitCodes.negative : exitCodes.ok,
    };
  },
});
