import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { environmentNames } from '../../../shared/config.ts';

it('local.settings.sample.json names every setting of ours, and none that is not read', () => {
  const sample = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as {
    Values: Record<string, string>;
  };
  const ours = Object.keys(sample.Values).filter((name) => name.startsWith('VESTIBULE_'));
  const read = environmentNames.filter((name) => name.startsWith('VESTIBULE_'));
  expect(ours.toSorted()).toEqual(read.toSorted());
});
