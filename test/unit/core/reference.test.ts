import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type LogPlace,
  logKeys,
  readLogKeys,
  readReference,
  writeReference,
} from '../../../shared/core/reference.ts';

const suffix = fc.string({
  unit: fc.constantFrom('a', 'z', 'A', 'Z', '0', '9', '_', '-'),
  minLength: 8,
  maxLength: 8,
});
const anyPlace: fc.Arbitrary<LogPlace> = fc
  .record({
    second: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    shard: fc.integer({ min: 0, max: 15 }),
    chance: fc.integer({ min: 0, max: 65_535 }),
    suffix: fc.option(suffix, { nil: undefined }),
  })
  .map(({ suffix: end, ...place }) => (end === undefined ? place : { ...place, suffix: end }));

it('a place is read back from its keys, of either log', () => {
  fc.assert(
    fc.property(anyPlace, fc.constantFrom('signin', 'audit'), (place, kind) => {
      const { partition, row } = logKeys(kind, place);
      expect(readLogKeys(partition, row)).toEqual(place);
    }),
  );
});

it('a place is read back from its reference, however a person writes it', () => {
  fc.assert(
    fc.property(anyPlace, (place) => {
      const reference = writeReference(place);
      expect(readReference(reference)).toEqual(place);
      const [code = '', ...rest] = reference.split('.');
      const spoken = code
        .toLowerCase()
        .replaceAll('-', ' ')
        .replaceAll('0', 'o')
        .replaceAll('1', 'l');
      expect(readReference([` ${spoken}`, ...rest].join('.'))).toEqual(place);
    }),
  );
});

it('a later second sorts before, within its hour', () => {
  const at = (second: number) => logKeys('signin', { second, shard: 0, chance: 0 });
  expect(at(3599).row < at(0).row).toBe(true);
  expect(at(3599).partition).toBe('signin.2020010100.0');
  expect(at(3600).partition).toBe('signin.2020010101.0');
});

it.each([
  ['signin.2026111809.0', '3600.abcd'],
  ['signin.2026131809.0', '0001.abcd'],
  ['signin.2026111809.g', '0001.abcd'],
  ['signin.2026111809.0', '0001.abcd.short'],
  ['signin.2026111809.0', '0001.abcd.12345678.x'],
  ['other.2026111809.0', '0001.abcd'],
])('keys that nobody writes are none: %s %s', (partition, row) => {
  expect(readLogKeys(partition, row)).toBeUndefined();
});

it.each([
  '',
  'x',
  'UUUU-UUUU-UUU',
  '0000-0000-00',
  '0000-0000-0000',
  '0000-0000-000.',
  '0000-0000-000.x',
  '0000-0000-000.12345678.x',
  "0000-0000-000'",
  '../../guests',
  '0000-0000-000.1234/678',
])('%j is no reference', (text) => {
  expect(readReference(text)).toBeUndefined();
});
