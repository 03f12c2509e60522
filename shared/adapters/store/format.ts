import { Fault } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';

/**
 * How a row lies in a table: its JSON text in pieces `d0`, `d1`, …, the operation that wrote it
 * (`op`), the version of this layout (`v`).
 *
 * The limits are checked here because Azurite accepts what the service refuses, and because the
 * service answers 400 where a caller needs to know which row it was.
 *
 * @see Azure docs: "Understanding the Table service data model", "Performing entity group transactions"
 */
const version = 1;
/** A string property holds 64 KiB of UTF-16, so 32,768 units; some air left. */
const pieceUnits = 32_000;
const entityBytesMax = 1024 * 1024;
const batchBytesMax = 4 * 1024 * 1024;
export const batchRowsMax = 100;
/** 252 of one's own, less `op` and `v`. */
const piecesMax = 250;

/** Headers, URL and boundaries of one operation inside a transaction's body, generously. */
const batchPartBytes = 2_048;

export type Properties = Readonly<Record<string, unknown>>;

/** Less than the service takes: quotes, spaces, `+` and `%` are trouble in addresses. */
const keyForm = /^[A-Za-z0-9._:-]{1,512}$/;
/** Ends of a range are no keys (`name/` ends all of `name.`), they only travel in a filter. */
const boundForm = /^[\x20-\x7e]{0,512}$/;
const etagForm = /^(?:W\/)?"[\x21\x23-\x7e]{1,256}"$/;
const operationForm = /^[\x21-\x7e]{1,256}$/;

function refuse(what: string): never {
  throw new Fault('storedRowUnreadable', { detail: what });
}

/** The value is never in the message: a key may be made from what a stranger sent. */
export function checkKey(key: string): void {
  if (!keyForm.test(key)) refuse('key not allowed');
}

export function checkPrefix(prefix: string): void {
  if (prefix !== '' && !keyForm.test(prefix)) refuse('key prefix not allowed');
}

export function checkBound(bound: string): void {
  if (!boundForm.test(bound)) refuse('end of a key range not allowed');
}

/** Never `*` here: whoever means any version says so where it is allowed. */
export function checkEtag(etag: string): void {
  if (!etagForm.test(etag)) refuse('etag not allowed');
}

export function checkOperationId(id: string): void {
  if (!operationForm.test(id)) refuse('operation id not allowed');
}

/** Where the keys that begin with a prefix end (exclusive). */
export function prefixEnd(prefix: string): string {
  const last = prefix.length - 1;
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1);
}

/** A half of a surrogate pair does not survive UTF-8, so no piece ends in the middle of one. */
function inPieces(text: string): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + pieceUnits, text.length);
    const lastUnit = text.charCodeAt(end - 1);
    if (end < text.length && lastUnit >= 0xd800 && lastUnit <= 0xdbff) end--;
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

/** The service's own formula, the timestamp it adds included. */
function entityBytes(partition: string, key: string, properties: Properties): number {
  let bytes = 4 + 2 * (partition.length + key.length) + 34;
  for (const [name, value] of Object.entries(properties)) {
    bytes += 8 + 2 * name.length + (typeof value === 'string' ? 4 + 2 * value.length : 4);
  }
  return bytes;
}

/** `account` of `account.method.x`: enough for an operator, nothing of a person. */
function kindOf(key: string): string {
  return /^[a-z]{1,20}(?=\.|$)/.exec(key)?.[0] ?? 'row';
}

export function encodeRow(
  partition: string,
  key: string,
  value: JsonObject,
  operationId: string,
): Properties {
  const pieces = inPieces(JSON.stringify(value));
  const properties: Record<string, unknown> = { op: operationId, v: version };
  for (const [index, piece] of pieces.entries()) properties[`d${index}`] = piece;
  if (pieces.length > piecesMax || entityBytes(partition, key, properties) > entityBytesMax) {
    throw new Fault('storedRowTooLarge', { detail: kindOf(key) });
  }
  return properties;
}

function joinedText(properties: Properties): string {
  let text = '';
  for (let index = 0; ; index++) {
    const piece = properties[`d${index}`];
    if (typeof piece !== 'string') return text;
    text += piece;
  }
}

export function decodeRow(table: string, key: string, properties: Properties): JsonObject {
  if (properties['v'] !== version) refuse(`${table} ${kindOf(key)}: unknown layout`);
  let value: unknown;
  try {
    value = JSON.parse(joinedText(properties));
  } catch {
    // the parser's message would quote the row
    refuse(`${table} ${kindOf(key)}: no JSON`);
  }
  return isJsonObject(value) ? value : refuse(`${table} ${kindOf(key)}: no object`);
}

/**
 * Whether what is stored is what this operation wrote. The text is compared too, so that an
 * operation id used for two commits cannot make the second one look stored.
 */
export function isSameWrite(stored: Properties, written: Properties): boolean {
  return stored['op'] === written['op'] && joinedText(stored) === joinedText(written);
}

/**
 * The same JSON without a character of more than one byte. Azurite decodes a body part by part
 * (each 64 KiB), and a character that lies across two parts is stored as `\ufffd`.
 */
export function inAscii(json: string): string {
  return json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `undefined` stands for a delete. */
export function checkBatch(rows: readonly (Properties | undefined)[]): void {
  if (rows.length > batchRowsMax) throw new Fault('storedRowTooLarge', { detail: 'batch' });
  let bytes = 0;
  for (const properties of rows) {
    bytes += batchPartBytes + (properties ? inAscii(JSON.stringify(properties)).length : 0);
  }
  if (bytes > batchBytesMax) throw new Fault('storedRowTooLarge', { detail: 'batch' });
}
