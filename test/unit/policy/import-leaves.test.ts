import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isPlaced,
  issuesOf,
  jsonOf,
  reportedLeaves,
  unexplained,
} from '../../../scripts/export-leaves.ts';
import {
  compile,
  type ParseReport,
  parseNamedLocations,
  parsePolicies,
  readExport,
} from '../../../shared/policy/index.ts';
import { setInput } from './arbitrary-policies.ts';
import { runs } from './runs.ts';

/** What was configured is enforced, carried or refused, and a refusal names a place that is there. */
function nothingIsLost(json: unknown, report: ParseReport): void {
  const leaves = reportedLeaves(json, report);
  expect(leaves.filter(({ standing }) => standing === 'dropped')).toEqual([]);
  const errors = issuesOf(report).filter(({ severity }) => severity === 'error');
  expect(errors.filter((issue) => !isPlaced(json, issue))).toEqual([]);
  expect(unexplained(leaves, report)).toEqual([]);
  for (const item of report.items) {
    const refused = item.fields.some(({ standing }) => standing === 'refused');
    if (refused) expect(item.enforceable).toBe(false);
  }
}

/** A folder of exports as others publish them; this repository holds none. */
const corpus = process.env['VESTIBULE_CORPUS'];

describe('every leaf of an export is in the report', () => {
  const cases = globSync(`${import.meta.dirname}/cases/*.json`).sort();

  it.each(cases)('%s', (path) => {
    const { sets } = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly sets: Readonly<Record<string, { policies: unknown; namedLocations?: unknown }>>;
    };
    for (const { policies, namedLocations } of Object.values(sets)) {
      nothingIsLost(policies, parsePolicies(policies));
      if (namedLocations !== undefined)
        nothingIsLost(namedLocations, parseNamedLocations(namedLocations));
    }
  });

  it('of the folder that the local world starts with', () => {
    for (const path of globSync('examples/*/{policies,namedLocations}/*.json')) {
      const bytes = readFileSync(path);
      nothingIsLost(jsonOf(bytes), readExport(bytes).report);
    }
  });

  it('of any policies', () => {
    fc.assert(
      fc.property(setInput, ({ policies, namedLocations }) => {
        nothingIsLost(policies, parsePolicies(policies));
        if (namedLocations !== undefined)
          nothingIsLost(namedLocations, parseNamedLocations(namedLocations));
      }),
      runs(300),
    );
  });

  it('A110: of any JSON', () => {
    const member = fc.constantFrom(
      'id',
      'Id',
      'value',
      'Count',
      'state',
      'State',
      'conditions',
      'users',
      'Users',
      'includeUsers',
      'grantControls',
      'authenticationStrength@odata.bind',
      '@odata.nextLink',
      'sessionControls',
      'ipRanges',
      'cidrAddress',
      'isTrusted',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        fc.constantFrom(null, true, 0, '', 'All', 'enabled', '203.0.113.0/24'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(member, fc.string()), tie('tree'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (json) => {
        nothingIsLost(json, parsePolicies(json));
        nothingIsLost(json, parseNamedLocations(json));
      }),
      runs(2000),
    );
  });

  it.skipIf(corpus === undefined)(
    `of published exports${corpus === undefined ? ' (skipped: VESTIBULE_CORPUS names no folder of them)' : ''}`,
    () => {
      const folder = corpus ?? '';
      const files = globSync('**/*.{json,JSON}', { cwd: folder });
      expect(files).not.toEqual([]);
      for (const file of files) {
        const bytes = readFileSync(join(folder, file));
        const { kind, report } = readExport(bytes);
        const json = jsonOf(bytes);
        if (json !== undefined) nothingIsLost(json, report);
        if (kind === 'policies' && report.items.length > 0)
          expect(() => compile({ policies: json })).not.toThrow();
      }
    },
  );
});
