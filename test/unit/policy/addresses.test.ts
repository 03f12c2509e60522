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
  ])('A100: %s', (_, text, expected) => {
    expect(parseAddress(text)).toEqual(expected);
  });

  it.each([
    '203.0.113.007',
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
  ])('A101: %s holds %s: %s', (cidr, address, expected) => {
    expect(isIn(cidr, address)).toBe(expected);
  });

  it.each(['203.0.113.0/33', '203.0.113.0', '203.0.113.0/024', '2001:db8::/129', '::1%eth0/64', 7])(
    'A101: %s is no range',
    (cidr) => {
      expect(parseCidr(cidr)).toBeUndefined();
    },
  );

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

  it('R43: IPv6 likewise', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((g) => g.toString(16));
    const address = fc.array(group, { minLength: 8, maxLength: 8 }).map((g) => g.join(':'));
    fc.assert(
      fc.property(address, fc.integer({ min: 0, max: 128 }), (text, prefix) => {
        expect(isIn(`${text}/${prefix}`, text)).toBe(true);
      }),
    );
  });
});
