import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Prefix,
  parseAddress,
  parseCidr,
  parseSpan,
} from '../../../shared/policy/addresses.ts';
import { parseNamedLocations } from '../../../shared/policy/index.ts';
import { PrefixList } from '../../../shared/policy/places/prefix-list.ts';
import { PrefixTable } from '../../../shared/policy/places/prefix-table.ts';
import { runs } from './runs.ts';

function tableOf(prefixes: readonly (Prefix | undefined)[]): PrefixTable {
  const [v4, v6] = [new PrefixList(1), new PrefixList(4)];
  for (const [owner, prefix] of prefixes.entries())
    if (prefix) (prefix.family === 4 ? v4 : v6).add(prefix, owner);
  return new PrefixTable(v4, v6);
}

function isIn(cidr: string, address: string): boolean | undefined {
  const range = parseCidr(cidr);
  const parsed = parseAddress(address);
  return range && parsed && tableOf([range]).ownersOf(parsed).length > 0;
}

describe('addresses', () => {
  it.each([
    ['a mapped address is IPv4', '::ffff:203.0.113.7', { family: 4, words: [0xcb007107] }],
    ['in hexadecimal too', '::FFFF:cb00:7107', { family: 4, words: [0xcb007107] }],
    ['upper case', '2001:DB8::1', { family: 6, words: [0x20010db8, 0, 0, 1] }],
    ['all groups', '1:2:3:4:5:6:7:8', { family: 6, words: [0x10002, 0x30004, 0x50006, 0x70008] }],
    ['a quad at the end', '64:ff9b::192.0.2.1', { family: 6, words: [0x64ff9b, 0, 0, 0xc0000201] }],
    ['nothing but zeros', '::', { family: 6, words: [0, 0, 0, 0] }],
    ['the last of all', '255.255.255.255', { family: 4, words: [0xffffffff] }],
    ['the first of all', '0.0.0.0', { family: 4, words: [0] }],
    ['every octet its own', '1.20.3.104', { family: 4, words: [0x01140368] }],
    [
      'the longest text',
      '0000:0000:0000:0000:0000:FFFF:255.255.255.255',
      { family: 4, words: [0xffffffff] },
    ],
    [
      'a gap of one at the end',
      '1:2:3:4:5:6:7::',
      { family: 6, words: [0x10002, 0x30004, 0x50006, 0x70000] },
    ],
    [
      'a gap of one at the start',
      '::2:3:4:5:6:7:8',
      { family: 6, words: [2, 0x30004, 0x50006, 0x70008] },
    ],
    ['a gap in the middle', '1:2::7:8', { family: 6, words: [0x10002, 0, 0, 0x70008] }],
    ['digits and letters to the last', '09af:AFa0::', { family: 6, words: [0x09afafa0, 0, 0, 0] }],
    [
      'a quad after six groups',
      '1:2:3:4:5:6:192.0.2.1',
      { family: 6, words: [0x10002, 0x30004, 0x50006, 0xc0000201] },
    ],
    ['a quad alone is not mapped', '::192.0.2.1', { family: 6, words: [0, 0, 0, 0xc0000201] }],
    [
      'mapped needs all three words',
      '0:0:0:1:0:ffff:1:2',
      { family: 6, words: [0, 1, 0xffff, 0x10002] },
    ],
    ['and the first of them', '1::ffff:1:2', { family: 6, words: [0x10000, 0, 0xffff, 0x10002] }],
  ])('A100: %s', (_, text, expected) => {
    expect(parseAddress(text)).toEqual(expected);
  });

  it.each([
    '203.0.113.007',
    '1.2.3.4.5',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.1234',
    '1.2.3.a',
    '1.2.3.4 ',
    '1,2,3,4',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:192.0.2.1',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    ':1',
    '1:',
    '1::2:',
    ':::',
    '::1::',
    'g::',
    'G::',
    '@::',
    '`::',
    '/::',
    '1;2::',
    '::1.2.3.4:5',
    '::1.2.3.4.5',
    '::1.2.3',
    '0xcb.0.0x71.7',
    '203.0.113',
    '203.0.113.256',
    ' 203.0.113.7',
    '203.0.113.7:443',
    '[::1]',
    'fe80::1%eth0',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    '::ffff:203.0.113.07',
    '203.0.113.7::',
    '12345::',
    '',
    '1'.repeat(100_000),
    null,
    7,
  ])('A100: %j is no address', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it.each([
    ['203.0.113.7/32', '203.0.113.7', true],
    ['203.0.113.7/32', '203.0.113.8', false],
    ['2001:db8::1/128', '2001:db8::1', true],
    ['2001:db8::1/128', '2001:db8::2', false],
    ['10.1.2.3/9', '10.127.255.255', true],
    ['10.1.2.3/9', '10.128.0.0', false],
    ['203.0.113.0/24', '2001:db8::1', false],
    ['::/0', '203.0.113.7', false],
    ['::ffff:203.0.113.0/120', '203.0.113.9', true],
    ['::ffff:203.0.113.0/95', '203.0.113.9', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['::ffff:203.0.113.0/96', '198.51.100.1', true],
    ['::ffff:203.0.113.0/128', '203.0.113.0', true],
    ['::ffff:203.0.113.0/128', '203.0.113.1', false],
    ['::ffff:203.0.113.0/95', '::fffe:0:1', true],
    ['::ffff:203.0.113.0/95', '::fffd:0:1', false],
    ['2001:db8::/33', '2001:db8:7fff::', true],
    ['2001:db8::/33', '2001:db8:8000::', false],
    ['2001:db8::/64', '2001:db8:0:0:ffff::', true],
    ['2001:db8::/64', '2001:db8:0:1::', false],
  ])('A101: %s holds %s: %s', (cidr, address, expected) => {
    expect(isIn(cidr, address)).toBe(expected);
  });

  it.each([
    '203.0.113.0/',
    '/24',
    '203.0.113.0/1x',
    '203.0.113.0/x1',
    '203.0.113.0/1000',
    '203.0.113.0/24/1',
    '203.0.113.0/33',
    '203.0.113.0',
    '203.0.113.0/024',
    '2001:db8::/129',
    '::1%eth0/64',
    7,
  ])('A101: %s is no range', (cidr) => {
    expect(parseCidr(cidr)).toBeUndefined();
  });

  it('A101: a range that runs backwards or mixes families cannot be read', () => {
    expect(parseSpan('203.0.113.9', '203.0.113.1')).toBeUndefined();
    expect(parseSpan('203.0.113.9', '2001:db8::1')).toBeUndefined();
    expect(parseSpan('::ffff:1.2.3.4', '1.2.3.6')).toEqual([
      { family: 4, length: 31, words: [0x01020304] },
      { family: 4, length: 32, words: [0x01020306] },
    ]);
  });

  it.each(['10.0.0.0/8', '0.0.0.0/0', '2000::/3'])(
    'A101: %s is refused at import',
    (cidrAddress) => {
      const location = { id: 'ffff0000-0000-4000-8000-000000000000', ipRanges: [{ cidrAddress }] };
      const [item] = parseNamedLocations(location).items;
      expect(item).toMatchObject({
        enforceable: false,
        issues: [{ pointer: '/ipRanges/0', severity: 'error' }],
        fields: expect.arrayContaining([expect.objectContaining({ standing: 'refused' })]),
      });
    },
  );

  it('A101: a span holds its ends, all between, and nothing else', () => {
    const spans = fc
      .tuple(fc.nat(600), fc.nat(600))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
    const quad = (n: number) => `203.0.${n >> 8}.${n & 255}`;
    const group = (n: number) => `2001:db8::${n.toString(16)}`;
    fc.assert(
      fc.property(spans, fc.constantFrom(quad, group), ([from = 0, to = 0], write) => {
        const table = tableOf(parseSpan(write(from), write(to)) ?? []);
        for (const at of [0, from - 1, from, from + 1, to - 1, to, to + 1, 601]) {
          if (at < 0) continue;
          const parsed = parseAddress(write(at));
          if (parsed === undefined) throw new Error(write(at));
          expect([at, table.ownersOf(parsed).length]).toEqual([at, at >= from && at <= to ? 1 : 0]);
        }
      }),
    );
  });

  it.each([
    ['0.0.0.0', '255.255.255.255', [0]],
    ['::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', [0]],
    ['203.0.113.255', '203.0.114.0', [32, 32]],
    ['2001:db8::ffff:ffff', '2001:db8::1:0:0', [128, 128]],
    ['2001:db8::7', '2001:db8::7', [128]],
    ['255.255.255.254', '255.255.255.255', [31]],
  ])('A101: from %s to %s are as few prefixes as can be', (lower, upper, lengths) => {
    expect(parseSpan(lower, upper)?.map(({ length }) => length)).toEqual(lengths);
  });

  it('R43: a set of ranges holds exactly what one of them holds', () => {
    const octet = fc.integer({ min: 0, max: 3 });
    const address = fc.tuple(octet, octet).map(([a, b]) => `203.0.${a}.${b * 64}`);
    const cidr = fc.tuple(address, fc.integer({ min: 20, max: 32 })).map(([a, p]) => `${a}/${p}`);
    fc.assert(
      fc.property(fc.array(cidr, { maxLength: 6 }), address, (cidrs, text) => {
        const table = tableOf(cidrs.map(parseCidr));
        const parsed = parseAddress(text);
        if (parsed === undefined) throw new Error(text);
        const holding = cidrs.flatMap((c, owner) => (isIn(c, text) ? [owner] : []));
        expect(table.ownersOf(parsed).sort((a, b) => a - b)).toEqual(holding);
      }),
    );
  });

  it('R43: of IPv6 too, wherever in an address they part', () => {
    const group = fc.constantFrom('0', '1', '8000', 'ffff');
    const address = fc.array(group, { minLength: 8, maxLength: 8 }).map((g) => g.join(':'));
    const length = fc.constantFrom(0, 1, 15, 16, 31, 32, 33, 63, 64, 65, 96, 97, 127, 128);
    const cidr = fc.tuple(address, length).map(([a, p]) => `${a}/${p}`);
    // Bits as text: nothing is shared with how the table looks them up.
    const bits = (text: string) =>
      text
        .split(':')
        .map((g) => Number.parseInt(g, 16).toString(2).padStart(16, '0'))
        .join('');
    const lies = (text: string, range: string) => {
      const [base = '', p] = range.split('/');
      return bits(text).slice(0, Number(p)) === bits(base).slice(0, Number(p));
    };
    fc.assert(
      fc.property(fc.array(cidr, { maxLength: 8 }), address, (cidrs, elsewhere) => {
        const table = tableOf(cidrs.map(parseCidr));
        for (const text of [elsewhere, ...cidrs.map((range) => range.split('/')[0] ?? '')]) {
          const parsed = parseAddress(text);
          if (parsed?.family !== 6) continue;
          const holding = cidrs.flatMap((range, owner) => (lies(text, range) ? [owner] : []));
          expect(table.ownersOf(parsed).sort((a, b) => a - b)).toEqual(holding);
        }
      }),
      runs(1000),
    );
  });

  it('R43: a range among two thousand is found', () => {
    const cidrs = Array.from({ length: 2000 }, (_, n) => `10.${n >> 8}.${n & 255}.0/24`);
    const table = tableOf(cidrs.toReversed().map(parseCidr));
    for (const n of [0, 1, 255, 256, 1023, 1998, 1999]) {
      const parsed = parseAddress(`10.${n >> 8}.${n & 255}.77`);
      expect(parsed && table.ownersOf(parsed)).toEqual([1999 - n]);
    }
    const outside = parseAddress('10.7.208.0');
    expect(outside && table.ownersOf(outside)).toEqual([]);
  });

  it('R43: every IPv6 range holds its own addresses', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((g) => g.toString(16));
    const address = fc.array(group, { minLength: 8, maxLength: 8 }).map((g) => g.join(':'));
    fc.assert(
      fc.property(address, fc.integer({ min: 0, max: 128 }), (text, prefix) => {
        expect(isIn(`${text}/${prefix}`, text)).toBe(true);
      }),
    );
  });
});
