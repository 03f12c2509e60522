import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  checkBatch,
  decodeRow,
  encodeRow,
  inAscii,
  isSameWrite,
  prefixEnd,
} from '../../../shared/adapters/store/format.ts';
import type { JsonObject } from '../../../shared/core/json.ts';

const unreadable = expect.objectContaining({ code: 'storedRowUnreadable' });
const text = (units: number) => ({ t: 'x'.repeat(units) });

test('any JSON object comes back, lone surrogates and all', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (value) => {
      const plain = JSON.parse(JSON.stringify(value)) as JsonObject;
      expect(decodeRow('guests', 'a', encodeRow('p', 'a', plain, 'op'))).toEqual(plain);
    }),
  );
});

test('no piece is longer than 32,000 units or ends within a pair', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 40_000 }), (a, b) => {
      const value = { t: 'a'.repeat(a) + '😀'.repeat(b) };
      const { op, v, ...pieces } = encodeRow('p', 'a', value, 'op');
      expect([op, v]).toEqual(['op', 1]);
      for (const piece of Object.values(pieces)) {
        expect(typeof piece === 'string' && piece.isWellFormed() && piece.length <= 32_000).toBe(
          true,
        );
      }
    }),
    { numRuns: 20 },
  );
});

test('A116: the size of an entity counts keys and names, two bytes a unit', () => {
  const tooLarge = expect.objectContaining({ code: 'storedRowTooLarge', detail: 'account' });
  expect(() => encodeRow('p', 'account.guest', text(524_000), 'op')).not.toThrow();
  expect(() => encodeRow('p', 'account.guest', text(524_200), 'op')).toThrow(tooLarge);
  expect(() => encodeRow('p'.repeat(512), 'account.guest', text(524_000), 'op')).toThrow(tooLarge);
});

test('A116: a batch counts what is sent', () => {
  const tooLarge = expect.objectContaining({ code: 'storedRowTooLarge', detail: 'batch' });
  const row = encodeRow('p', 'a', text(500_000), 'op');
  const wide = encodeRow('p', 'a', { t: 'ü'.repeat(500_000) }, 'op');
  expect(() => checkBatch(Array.from({ length: 8 }, () => row))).not.toThrow();
  expect(() => checkBatch(Array.from({ length: 9 }, () => row))).toThrow(tooLarge);
  expect(() => checkBatch([wide, wide])).toThrow(tooLarge);
  expect(() => checkBatch(Array.from({ length: 100 }, () => undefined))).not.toThrow();
  expect(() => checkBatch(Array.from({ length: 101 }, () => undefined))).toThrow(tooLarge);
});

test.each([
  ['no version', { d0: '{}', op: 'o' }],
  ['a later version', { d0: '{}', op: 'o', v: 2 }],
  ['no text', { op: 'o', v: 1 }],
  ['text that is no JSON', { d0: '{"secret":', op: 'o', v: 1 }],
  ['a missing piece', { d0: '{"a":', d2: '1}', op: 'o', v: 1 }],
  ['a list', { d0: '[]', op: 'o', v: 1 }],
  ['null', { d0: 'null', op: 'o', v: 1 }],
  ['a number for a piece', { d0: 1, op: 'o', v: 1 }],
])('a row with %s is unreadable, and the fault quotes nothing of it', (_, properties) => {
  expect(() => decodeRow('guests', 'account.alice', properties)).toThrow(unreadable);
  expect(() => decodeRow('guests', 'account.alice', properties)).toThrow(
    /^storedRowUnreadable: guests account: [a-z ]+$/i,
  );
});

test('the kind of a row is named only where it looks like one', () => {
  expect(() => decodeRow('directory', '5ec2e7', { v: 1 })).toThrow(/directory row/);
});

test('the same write is the same operation and the same text', () => {
  const written = encodeRow('p', 'a', text(70_000), 'op');
  expect(isSameWrite({ ...written, etag: 'x', timestamp: 'y' }, written)).toBe(true);
  expect(isSameWrite(encodeRow('p', 'a', text(70_000), 'other'), written)).toBe(false);
  expect(isSameWrite(encodeRow('p', 'a', text(70_001), 'op'), written)).toBe(false);
});

test('a prefix ends right behind its last key', () => {
  expect(prefixEnd('account.')).toBe('account/');
  expect(prefixEnd('z')).toBe('{');
});

test('JSON in ASCII is the same JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      const ascii = inAscii(json);
      expect(JSON.parse(ascii)).toEqual(JSON.parse(json));
      expect(Buffer.byteLength(ascii)).toBe(ascii.length);
    }),
  );
});
