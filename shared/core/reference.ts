import { createHash, randomBytes } from 'node:crypto';

/** Crockford's base32: no letter that a person mixes up with a digit. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The short code a person reads out to whoever helps: `XXXX-XXXX-XXX`. It holds the second, the shard
 * and 16 random bits, which is the log row's key: the row is found with no index.
 */
export type Reference = string;

/** Seconds since 2020-01-01, 32 bits: enough until 2156. */
const epochMs = Date.UTC(2020, 0, 1);

export type LogPlace = {
  readonly second: number;
  readonly shard: number;
  readonly chance: number;
  /** Eight characters of a row that found its place taken; its reference is `XXXX-XXXX-XXX.suffix`. */
  readonly suffix?: string | undefined;
};

export function newLogPlace(now: Date): LogPlace {
  const bytes = randomBytes(4);
  return {
    second: Math.floor((now.getTime() - epochMs) / 1000),
    shard: bytes.readUInt8(0) % 16,
    chance: bytes.readUInt16BE(1),
  };
}

/** The same place whenever the same cause is logged again, so that a retried request logs once. */
export function logPlaceOf(at: Date, cause: string): LogPlace {
  const digest = createHash('sha256').update(cause, 'utf8').digest();
  return {
    second: Math.floor((at.getTime() - epochMs) / 1000),
    shard: digest.readUInt8(0) % 16,
    chance: digest.readUInt16BE(1),
  };
}

export function writeReference(place: LogPlace): Reference {
  // 32 + 4 + 16 bits, written as 11 letters of 5 bits
  let value = (BigInt(place.second) << 20n) | (BigInt(place.shard) << 16n) | BigInt(place.chance);
  let text = '';
  for (let index = 0; index < 11; index++) {
    text = letters[Number(value & 31n)] + text;
    value >>= 5n;
  }
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}${ending(place)}`;
}

const ending = ({ suffix }: LogPlace): string => (suffix === undefined ? '' : `.${suffix}`);

/** Reads what a person typed: case, blanks and hyphens do not matter, but in a suffix. */
export function readReference(text: string): LogPlace | undefined {
  const [, code = '', suffix] = /^([^.]{11,40})(?:\.([\w-]{8}))?$/.exec(text.trim()) ?? [];
  const plain = code
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  if (!/^[0-9A-HJKMNP-TV-Z]{11}$/.test(plain)) return undefined;
  let value = 0n;
  for (const letter of plain) value = (value << 5n) | BigInt(letters.indexOf(letter));
  return {
    second: Number(value >> 20n),
    shard: Number((value >> 16n) & 15n),
    chance: Number(value & 65535n),
    ...(suffix === undefined ? {} : { suffix }),
  };
}

/** Where the log row lies: newest first within the hour. */
export function logKeys(
  kind: 'signin' | 'audit',
  place: LogPlace,
): { readonly partition: string; readonly row: string } {
  const at = new Date(epochMs + place.second * 1000);
  const hour = at.toISOString().slice(0, 13).replaceAll(/[-T]/g, '');
  const within = String(3599 - (place.second % 3600)).padStart(4, '0');
  const shard = place.shard.toString(16);
  return {
    partition: `${kind}.${hour}.${shard}`,
    row: `${within}.${place.chance.toString(16).padStart(4, '0')}${ending(place)}`,
  };
}

const keysForm =
  /^(?:signin|audit)\.(\d{4})(\d\d)(\d\d)(\d\d)\.([0-9a-f]) ([0-3]\d{3})\.([0-9a-f]{4})(?:\.([\w-]{8}))?$/;

/** The way back from `logKeys`; undefined for keys that it does not make. */
export function readLogKeys(partition: string, row: string): LogPlace | undefined {
  const [, year, month, day, hour, shard = '', within, chance = '', suffix] =
    keysForm.exec(`${partition} ${row}`) ?? [];
  const hourMs = Date.parse(`${year}-${month}-${day}T${hour}:00:00Z`);
  if (Number.isNaN(hourMs) || Number(within) > 3599) return undefined;
  return {
    second: (hourMs - epochMs) / 1000 + 3599 - Number(within),
    shard: Number.parseInt(shard, 16),
    chance: Number.parseInt(chance, 16),
    ...(suffix === undefined ? {} : { suffix }),
  };
}
