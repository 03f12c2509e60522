import { beforeAll, describe, expect, it } from 'vitest';
import { houseFaults } from '../../scripts/check-house.ts';
import { plant } from './plant.ts';

const http = (name: string) =>
  `import { app } from '@azure/functions';\napp.http(${name}, { handler: async () => ({}) });\n`;

/** file, code, the fault it is; none where the last is missing. */
const planted: readonly (readonly [file: string, code: string, rule?: string])[] = [
  ['shared/core/clock.ts', 'export const a = new Date();', 'now-is-an-argument'],
  ['shared/checks/clock.ts', 'export const a = Date();', 'now-is-an-argument'],
  ['shared/flows/clock.ts', 'export const a = () => new Date;', 'now-is-an-argument'],
  ['shared/rows/clock.ts', 'export const a = new Date().toISOString();', 'now-is-an-argument'],
  ['shared/policy/clock.ts', 'export const a = (b = new Date()) => b;', 'now-is-an-argument'],
  ['shared/web/clock.ts', 'export const a = [new Date()];', 'now-is-an-argument'],
  ['shared/core/time.ts', 'export const a = new Date(0);'],
  ['shared/compose.ts', 'export const a = () => new Date();'],
  ['shared/adapters/meta.ts', 'export const a = import.meta.url;', 'no-import-meta'],
  ['shared/adapters/two.ts', "import 'oauth4webapi';\nimport '@azure/data-tables';", 'one-sdk'],
  [
    'shared/adapters/late.ts',
    "import 'otplib';\nexport const a = () => import('qrcode');",
    'one-sdk',
  ],
  [
    'shared/adapters/one.ts',
    "import 'node:crypto';\nimport { z } from 'zod';\nimport 'oauth4webapi';\nimport 'jose';\nimport './two.ts';\nexport { z };",
  ],
  ['shared/flows/sign-in.ts', "import type { Scan } from '../ports.ts';", 'no-scan-in-sign-in'],
  [
    'shared/flows/renamed.ts',
    "import type { Scan as Look } from '../ports.ts';",
    'no-scan-in-sign-in',
  ],
  [
    'shared/flows/step.ts',
    'export const a = (house: HouseWithScan) => house;',
    'no-scan-in-sign-in',
  ],
  ['shared/flows/type.ts', "type A = import('../ports.ts').Scan;", 'no-scan-in-sign-in'],
  ['shared/flows/member.ts', 'export const a = (b: B) => b.scan();', 'no-scan-in-sign-in'],
  ['shared/flows/clean-up.ts', "import type { Scan } from '../ports.ts';"],
  ['shared/flows/admin/list.ts', "import type { Scan } from '../../ports.ts';"],
  ['functions/sign-in.ts', http("'sign-in'")],
  ['functions/timer.ts', "app.timer('timer', { schedule: '' });"],
  ['functions/other.ts', http("'another'"), 'file-named-as-its-function'],
  ['functions/two.ts', `${http("'two'")}${http("'three'")}`, 'file-named-as-its-function'],
  ['functions/computed.ts', http('name'), 'file-named-as-its-function'],
  ['functions/helper.ts', 'export const a = 1;', 'file-named-as-its-function'],
];

describe('house rules', () => {
  let output = '';
  let failed = false;
  beforeAll(async () => {
    using tree = plant(Object.fromEntries(planted));
    ({ output, failed } = await tree.run('check:architecture'));
  });

  it.each(planted)('%s: %s', (file, _code, rule) => {
    const said = output.split('\n').filter((line) => line.includes(`: ${file}: `));
    if (rule) expect(said.join('\n')).toMatch(new RegExp(`^${rule}`));
    else expect(said).toEqual([]);
  });

  it('fail the check', () => {
    expect(failed).toBe(true);
  });
});

describe('this house', () => {
  it('keeps them', () => {
    expect(houseFaults('.')).toEqual([]);
  });
});
