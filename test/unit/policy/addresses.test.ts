import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressSet, contains } from '../../../shared/policy/address-set.ts';
import { parseAddress, parseCidr, parseSpan } from '../../../shared/policy/addresses.ts';
import { parseNamedLocations } from '../../../shared/policy/index.ts';

function isIn(cidr: string, address: string): boolean | undefined {
  const range = parseCidr(cidr);
  const parsed = parseAddress(address);
  return range && parsed && contains(addressSet([range]), parsed);
}

describe('addresses', () => {
  it.each([
    ['a mapped address is IPv4', '::ffff:203.0.113.7', { family: 4, value: 0xcb007107 }],
    ['in hexadecimal too', '::FFFF:cb00:7107', { family: 4, value: 0xcb007107 }],
    ['upper case', '2001:DB8::1', { family: 6, value: 0x20010db8_00000000_00000000_00000001n }],
    ['all groups', '1:2:3:4:5:6:7:8', { family: 6, value: 0x00010002000300040005000600070008n }],
    [
      'a quad at the end',
      '64:ff9b::192.0.2.1',
      { family: 6, value: 0x0064ff9b0000000000000000c0000201n },
    ],
    ['nothing but zeros', '::', { family: 6, value: 0n }],
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
    expect(parseSpan('::ffff:1.2.3.4', '1.2.3.5')).toEqual({
      family: 4,
      first: 0x01020304,
      last: 0x01020305,
    });
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
        const ranges = cidrs.flatMap((c) => parseCidr(c) ?? []);
        const parsed = parseAddress(text);
        if (parsed === undefined) throw new Error(text);
        expect(contains(addressSet(ranges), parsed)).toBe(cidrs.some((c) => isIn(c, text)));
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
