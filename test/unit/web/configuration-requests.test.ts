import { expect, it } from 'vitest';
import { readDryRun } from '../../../shared/web/configuration-requests.ts';

/** A misspelt dry run must not apply. */

const asked = (query: string) =>
  readDryRun({
    method: 'PUT',
    url: `http://localhost/manage/config${query}`,
    headers: { get: () => null },
    text: async () => '',
  });

it.each([
  ['', false],
  ['?dryRun=false', false],
  ['?dryRun=true', true],
])('%j → %s', (query, expected) => {
  expect(asked(query)).toBe(expected);
});

it.each(['?dryRun=True', '?dryRun=1', '?dryRun=', '?dryrun=true', '?dryRun=true&dryRun=false'])(
  '%j → 400',
  (query) => {
    expect(asked(query)).toMatchObject({ status: 400 });
  },
);
