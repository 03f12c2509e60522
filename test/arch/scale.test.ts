import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readWays, scalePage } from '../../scripts/scale/scale.ts';

const performancePage = readFileSync('docs/performance.md', 'utf8');

it('docs/scale.md is what the counted calls and the given prices come to', () => {
  expect(readFileSync('docs/scale.md', 'utf8')).toBe(scalePage(readWays(performancePage)));
});

it('more calls cost more, and a page without the counts is refused', () => {
  const ways = readWays(performancePage);
  const dearer = { ...ways, session: { ...ways.session, tableCalls: 500 } };
  expect(scalePage(dearer)).not.toBe(scalePage(ways));
  expect(() => readWays('nothing')).toThrow('Federated sign-in with TOTP');
});
