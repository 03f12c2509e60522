import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, parseInstant } from '../../../shared/policy/dates.ts';

const dayMs = 86_400_000;

describe('instants', () => {
  it('agree with the platform on every date it writes', () => {
    const date = fc.date({
      min: new Date('0001-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (given) => {
        expect(parseInstant(given.toISOString())).toBe(given.getTime());
      }),
    );
  });

  it.each([
    ['2026-11-20', Date.UTC(2026, 10, 20)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2026-11-20T10:00:00+05:30', Date.UTC(2026, 10, 20, 4, 30)],
    ['2026-11-20T10:00:00.1234567Z', Date.UTC(2026, 10, 20, 10) + 123.4567],
    ['2026-11-20T10:00Z', Date.UTC(2026, 10, 20, 10)],
    ['2026-11-20T10:00:00-05:30', Date.UTC(2026, 10, 20, 15, 30)],
    ['2026-11-20T00:00:00+23:59', Date.UTC(2026, 10, 19, 0, 1)],
    ['2026-12-31T23:59:59Z', Date.UTC(2026, 11, 31, 23, 59, 59)],
    ['2026-04-30', Date.UTC(2026, 3, 30)],
    ['2000-02-29', Date.UTC(2000, 1, 29)],
    ['1969-12-31T23:59:59Z', -1000],
  ])('reads %s', (text, expected) => {
    expect(parseInstant(text)).toBeCloseTo(expected, 3);
  });

  it.each([
    '2026-11-20T10:00:00',
    '2026-11-20T10',
    '2026-11-20Z',
    '2026-11-20T10:00:00.Z',
    '2026-11-20T10:00:00z',
    '2026-11-20T10:00:60Z',
    '2026-11-20T10:00:00+05:60',
    '2026-11-20T10:00:00+0530',
    ' 2026-11-20',
    '2026-11-20 ',
    '2026-11-00',
    '2026-04-31',
    '2026-12-32',
    '1900-02-29',
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-11-20T24:00:00Z',
    '2026-11-20T10:60:00Z',
    '2026-11-20T10:00:00+24:00',
    '20 November 2026',
    '',
    1_795_000_000_000,
    null,
  ])('%j is no instant', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe('durations', () => {
  it.each([
    ['P1Y', 365 * dayMs],
    ['P1M', 30 * dayMs],
    ['P2W', 14 * dayMs],
    ['P90D', 90 * dayMs],
    ['P1DT12H', 1.5 * dayMs],
    ['PT30M', 30 * 60_000],
    ['PT36H', 1.5 * dayMs],
    ['PT1.5S', 1500],
    ['P1Y1M1W1DT1H1M1S', (365 + 30 + 7 + 1) * dayMs + 3_661_000],
    ['PT0.5S', 500],
  ])('%s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each([
    'P',
    'PT',
    'P1DT',
    'P1',
    '1D',
    'xP1D',
    'P1Dx',
    'P1D1Y',
    'P1H',
    'PT1D',
    'PT0S',
    'P0D',
    '-P1D',
    'P1.5D',
    'monthly',
    `P${'9'.repeat(400)}D`,
    7,
    null,
  ])('%j is no duration', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
