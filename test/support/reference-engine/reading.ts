// Tolerant reading of Graph's JSON: §4 (first rows), §9 (keys), §11.4 (entries that cannot be read).

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** §4: null, missing, `[]` and an object with only null leaves are not configured. */
export function isConfigured(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (isObject(value)) return Object.values(value).some(isConfigured);
  return true;
}

/** §9: PowerShell's keys begin with a capital; `@odata.*` and `#…` siblings say nothing. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key.startsWith('#')) continue;
    if (key.includes('@') && key !== '@odata.type') continue;
    if (key === '@odata.type') continue;
    copy[key.slice(0, 1).toLowerCase() + key.slice(1)] = plain(inner);
  }
  return copy;
}

export function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

export function isGuid(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value)
  );
}

/** §4: enum values are case-insensitive. The documented spelling, or nothing. */
export function wordOf<T extends string>(value: unknown, words: readonly T[]): T | undefined {
  return typeof value === 'string' ? words.find((word) => same(word, value)) : undefined;
}

/** §4: a flags enum is one comma-joined text or an array. Nothing: it cannot be read. */
export function flagsOf(value: unknown): readonly unknown[] | undefined {
  const parts = Array.isArray(value) ? value : [value];
  const flags: unknown[] = [];
  for (const part of parts) {
    if (typeof part === 'string') flags.push(...part.split(',').map((flag) => flag.trim()));
    else flags.push(part);
  }
  return typeof value === 'string' || Array.isArray(value) ? flags : undefined;
}

/** The members that are configured although nobody knows them (§11.4). */
export function hasUnknownMember(value: Json, known: readonly string[]): boolean {
  return Object.entries(value).some(([key, inner]) => !known.includes(key) && isConfigured(inner));
}
