/** A JSON object of unknown content. */
export type JsonObject = Readonly<Record<string, unknown>>;

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

// Deeper than any Graph object. What lies below counts as configured, so that a walk stays short.
const deepest = 64;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isGuid(value: unknown): value is string {
  return typeof value === 'string' && guid.test(value);
}

/**
 * OData control information (`@odata.type`, `x@odata.context`) and actions (`#…`) say nothing about a
 * policy. `x@odata.bind` does: it sets `x` by reference, so it is a member like any other.
 */
export function isAnnotation(key: string): boolean {
  if (/@(odata\.)?bind$/i.test(key)) return false;
  return key.includes('@') || key.startsWith('#');
}

/** The wire name of a key as PowerShell writes it (`IncludeUsers`). */
export function wireName(key: string): string {
  return key.slice(0, 1).toLowerCase() + key.slice(1);
}

/** False for null, missing, `[]` and an object with nothing but such leaves. An empty text is configured. */
export function isConfigured(value: unknown, depth = 0): boolean {
  if (value === null || value === undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (!isObject(value) || depth > deepest) return true;
  return Object.keys(value).some((k) => !isAnnotation(k) && isConfigured(value[k], depth + 1));
}

/** What a member is called that stands twice, spelled differently. */
export function twice(name: string): string {
  return `${name} (twice)`;
}

/**
 * The configured members of an object by wire name. Two spellings of one name are a member nobody
 * knows, so that neither wins silently.
 */
export function configuredMembers(value: JsonObject): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const key of Object.keys(value)) {
    const content = value[key];
    if (isAnnotation(key) || !isConfigured(content)) continue;
    const name = wireName(key);
    found.set(found.has(name) ? twice(name) : name, content);
  }
  return found;
}

/** One member by wire name, configured or not. */
export function member(value: JsonObject, name: string): unknown {
  for (const key of [name, name.slice(0, 1).toUpperCase() + name.slice(1)])
    if (Object.hasOwn(value, key)) return value[key];
  return undefined;
}

/** A list as written, entry by entry; `unreadable` when it is no list or an entry is not understood. */
export interface ReadList<T> {
  readonly entries: readonly T[];
  readonly unreadable: boolean;
}

/** Reads a list with `read`, which returns undefined for an entry that is not understood. */
export function readList<T>(value: unknown, read: (entry: unknown) => T | undefined): ReadList<T> {
  if (!isConfigured(value)) return { entries: [], unreadable: false };
  if (!Array.isArray(value)) return { entries: [], unreadable: true };
  const entries: T[] = [];
  let unreadable = false;
  for (const entry of value) {
    const item = read(entry);
    if (item === undefined) unreadable = true;
    else entries.push(item);
  }
  return { entries, unreadable };
}

/** A flags enumeration: one comma-joined text, or an array of words that may be comma-joined too. */
export function readFlags<T>(value: unknown, read: (entry: unknown) => T | undefined): ReadList<T> {
  const parts = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(parts)) return readList(parts, read);
  const words = parts.flatMap((p: unknown) =>
    typeof p === 'string' ? p.split(',').map((w) => w.trim()) : [p],
  );
  return readList(words, read);
}

/** Reads a word of a closed list without regard to case; undefined for anything else. */
export function wordReader<W extends string>(
  words: readonly W[],
): (entry: unknown) => W | undefined {
  const bySpelling = new Map(
    words.flatMap((w) => [[w.toLowerCase(), w] as const, [w, w] as const]),
  );
  return (entry) =>
    typeof entry === 'string'
      ? (bySpelling.get(entry) ?? bySpelling.get(entry.toLowerCase()))
      : undefined;
}

/** A GUID in lower case; undefined for anything else. */
export function readGuid(entry: unknown): string | undefined {
  return isGuid(entry) ? entry.toLowerCase() : undefined;
}

function rename(value: unknown, depth: number): unknown {
  if (depth > deepest) return value;
  if (Array.isArray(value)) return value.map((entry) => rename(entry, depth + 1));
  if (!isObject(value)) return value;
  // fromEntries defines its members: a `__proto__` among them stays an ordinary one.
  return Object.fromEntries(
    Object.keys(value).map((key) => [wireName(key), rename(value[key], depth + 1)]),
  );
}

/** A copy with the keys as Graph writes them, whoever wrote them. */
export function inWireNames(value: JsonObject): JsonObject {
  const copy = rename(value, 0);
  return isObject(copy) ? copy : {};
}
