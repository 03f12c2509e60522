import { Fault } from '../core/errors.ts';

/** What `web` needs of a request; the Functions library's HttpRequest and fetch's Request fit. */
export type WebRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
};

/**
 * Parameters as they came, empty ones included. `values` has the first of each name; a name that
 * came more often stands in `duplicates`, and whoever reads it must refuse the request.
 * @see RFC 6749 §3.1
 */
export type Parameters = {
  readonly values: ReadonlyMap<string, string>;
  readonly duplicates: readonly string[];
};

const maxQueryBytes = 8 * 1024;
const maxFormBytes = 16 * 1024;
// ten times what any of our requests has; small names would otherwise give thousands in 8 KiB
const maxParameters = 100;

/** Throws `requestTooLarge`. */
export function readQuery(request: WebRequest): Parameters {
  const query = new URL(request.url).search.slice(1);
  requireQuerySize(query);
  return parse(query);
}

/** Throws `requestTooLarge`. */
export function requireQuerySize(query: string): void {
  if (Buffer.byteLength(query) > maxQueryBytes) throw tooLarge('query');
}

/** Throws `mediaTypeUnsupported`, `requestTooLarge`. */
export async function readForm(request: WebRequest): Promise<Parameters> {
  return parse(await formText(request));
}

/** A form of a page of ours: it names nothing twice. Throws like `readForm`, and `requestMalformed`. */
export async function readOwnForm(request: WebRequest): Promise<Parameters> {
  const form = await readForm(request);
  if (form.duplicates.length > 0)
    throw new Fault('requestMalformed', { detail: 'duplicate field' });
  return form;
}

/** A form's body as it came, bounded. Throws like `readForm`. */
export async function formText(request: WebRequest): Promise<string> {
  requireContentType(request, 'application/x-www-form-urlencoded');
  return await readBody(request, maxFormBytes);
}

/**
 * The body as JSON, of no known shape yet: a schema comes next.
 * Throws `mediaTypeUnsupported`, `requestTooLarge`, `requestMalformed` (also when nested too deep).
 */
export async function readJson(
  request: WebRequest,
  limits: { readonly maxBytes: number; readonly maxDepth?: number },
): Promise<unknown> {
  requireContentType(request, 'application/json');
  const text = await readBody(request, limits.maxBytes);
  if (depthOf(text) > (limits.maxDepth ?? 10)) {
    throw new Fault('requestMalformed', { detail: 'depth' });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault('requestMalformed', { detail: 'json', cause });
  }
}

/**
 * The browser only looks ahead, or something only looks whether there is an answer: such a request
 * must grant, spend and send nothing.
 * @see https://wicg.github.io/nav-speculation/prefetch.html#sec-purpose-header
 */
export function isSpeculative(request: WebRequest): boolean {
  if (request.method.toUpperCase() === 'HEAD') return true;
  return ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some((name) =>
    /\b(prefetch|prerender|preview)\b/i.test(request.headers.get(name) ?? ''),
  );
}

/**
 * For POSTs of our own forms. Both headers must agree where both are there, and one must be:
 * browsers without Fetch Metadata still send `Origin` with every POST.
 * Throws `crossSiteRequest`. `origin` is the issuer's.
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function requireSameOrigin(request: WebRequest, origin: string): void {
  const site = request.headers.get('sec-fetch-site');
  const from = request.headers.get('origin');
  const own =
    (site !== null || from !== null) &&
    (site === null || site === 'same-origin') &&
    (from === null || from === origin);
  if (!own) throw new Fault('crossSiteRequest');
}

function parse(encoded: string): Parameters {
  const values = new Map<string, string>();
  const duplicates = new Set<string>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(encoded)) {
    if (++count > maxParameters) throw tooLarge('parameters');
    if (values.has(name)) duplicates.add(name);
    else values.set(name, value);
  }
  return { values, duplicates: [...duplicates] };
}

function requireContentType(request: WebRequest, expected: string): void {
  const [type, ...parameters] = (request.headers.get('content-type') ?? '').split(';');
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/i.exec(parameter)?.[1])
    .find((value) => value !== undefined);
  if (type?.trim().toLowerCase() !== expected || (charset && charset.toLowerCase() !== 'utf-8')) {
    throw new Fault('mediaTypeUnsupported', { detail: expected });
  }
}

async function readBody(request: WebRequest, maxBytes: number): Promise<string> {
  // what is announced as too large is not read at all
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge('body');
  const text = await request.text();
  if (Buffer.byteLength(text) > maxBytes) throw tooLarge('body');
  return text;
}

/** Deepest nesting of objects and lists, counted before anything is built from the text. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const c = json[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{' || c === '[') deepest = Math.max(deepest, ++depth);
    else if (c === '}' || c === ']') depth--;
  }
  return deepest;
}

const tooLarge = (detail: string) => new Fault('requestTooLarge', { detail });
