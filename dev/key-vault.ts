import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeServers, listen } from './listen.ts';
import { createVaultKeys, type Made, type Refusal } from './vault/vault-keys.ts';

/** What happens to one request that carries a token. `hang` never answers; `rst` drops the connection. */
export type VaultFault =
  | 'hang'
  | 'rst'
  | { readonly status: number; readonly code?: string; readonly retryAfter?: string }
  | { readonly delayMs: number }
  /** A well-formed answer with a signature or key of something else. */
  | 'otherValue'
  /** A version is shown though it is disabled: it is not documented which the service does. */
  | 'shownDisabled';

export type VaultRequest = {
  readonly operation: 'get' | 'versions' | 'sign' | 'wrapkey' | 'unwrapkey' | 'unknown';
  readonly name: string;
  readonly version: string;
  /** What it was answered with; nothing yet, or never. */
  status?: number;
};

export type VaultFaultRule = (request: VaultRequest) => VaultFault | undefined;

export type KeyVaultOptions = { readonly port?: number; readonly clock?: () => Date };

/**
 * A FAKE of Azure Key Vault's REST API, for the local world and for tests: no vault, no HSM, its keys lie in
 * this process's memory and end with it. The keys, signatures and wrappings are real, and so are the
 * challenge and the bearer token that the SDK is asked for.
 *
 * @see Azure docs: "Azure Key Vault REST API reference", operations Get Key, Get Key Versions, sign, wrapKey,
 *   unwrapKey; "Authentication, requests and responses"
 */
export async function startKeyVault(options: KeyVaultOptions = {}) {
  const { clock = () => new Date() } = options;
  const keys = createVaultKeys(clock);
  const token = randomBytes(24).toString('base64url');
  const requests: VaultRequest[] = [];
  let rule: VaultFaultRule = () => undefined;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    if (request.headers.authorization !== `Bearer ${token}`) return challenge(response);
    const url = new URL(request.url ?? '/', 'http://vault');
    const seen = requestOf(request.method ?? '', url.pathname);
    requests.push(seen);
    const fault = rule(seen);
    if (fault === 'hang') return;
    if (fault === 'rst') {
      response.socket?.resetAndDestroy();
      return;
    }
    if (typeof fault === 'object' && 'delayMs' in fault)
      await sleep(fault.delayMs, undefined, { ref: false });
    if (typeof fault === 'object' && 'status' in fault) {
      if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
      return refuse(seen, response, { status: fault.status, code: fault.code ?? 'MadeByTheFake' });
    }
    answer(seen, response, body, fault);
  }

  function answer(
    seen: VaultRequest,
    response: ServerResponse,
    body: Buffer,
    fault: VaultFault | undefined,
  ) {
    const { operation, name, version } = seen;
    if (operation === 'get') {
      const found = keys.find(name, version);
      if ('status' in found) return refuse(seen, response, found);
      if (!found.attributes.enabled && fault !== 'shownDisabled')
        return refuse(seen, response, { status: 403, code: 'Forbidden', inner: 'KeyDisabled' });
      return say(seen, response, 200, bundleOf(name, found));
    }
    if (operation === 'versions') {
      const value = keys
        .versions(name)
        .map((each) => ({ kid: kidOf(name, each.version), attributes: each.attributes }));
      return say(seen, response, 200, { value });
    }
    if (operation === 'unknown') return refuse(seen, response, { status: 404, code: 'NotFound' });
    const given = readValue(body);
    if (!given) return refuse(seen, response, { status: 400, code: 'BadParameter' });
    const made = { sign: keys.sign, wrapkey: keys.wrap, unwrapkey: keys.unwrap }[operation](
      name,
      version,
      given.alg,
      given.value,
    );
    done(seen, response, made, fault === 'otherValue');
  }

  function done(seen: VaultRequest, response: ServerResponse, made: Made, other: boolean) {
    if ('status' in made) return refuse(seen, response, made);
    const value = other ? randomBytes(made.value.length) : made.value;
    const kid = kidOf(seen.name, seen.version);
    say(seen, response, 200, { kid, value: value.toString('base64url') });
  }

  const kidOf = (name: string, version: string) => `${url}/keys/${name}/${version}`;

  function bundleOf(name: string, found: Exclude<ReturnType<typeof keys.find>, Refusal>) {
    const jwk = found.publicKey.export({ format: 'jwk' });
    const keyOps =
      name === 'key-encryption' ? ['wrapKey', 'unwrapKey', 'sign', 'verify'] : ['sign', 'verify'];
    return {
      key: { kid: kidOf(name, found.version), ...jwk, key_ops: keyOps },
      attributes: found.attributes,
    };
  }

  const { port, servers } = await listen(
    (request, response) => {
      serve(request, response).catch(() => response.destroy());
    },
    { port: options.port ?? 0, addresses: ['127.0.0.1'] },
  );
  const url = `http://127.0.0.1:${port}`;
  const close = () => closeServers(servers);
  return {
    url,
    /** In the place of a managed identity: its token opens this fake and nothing else. */
    credential: {
      getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
    },
    /** A rotation, by policy or by an operator. */
    rotate: keys.add,
    newest: (name: string): string => keys.versions(name).at(-1)?.version ?? '',
    /** To disable or to end a version. */
    attributes: keys.attributes,
    /** Those with a token, in order. */
    requests: requests as readonly Readonly<VaultRequest>[],
    rule(next: VaultFaultRule | undefined): void {
      rule = next ?? (() => undefined);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function requestOf(method: string, path: string): VaultRequest {
  const [, keys, name = '', version = '', verb] = path.split('/');
  const unknown = { operation: 'unknown', name, version } as const;
  if (keys !== 'keys' || name === '') return unknown;
  if (method === 'GET' && version === 'versions')
    return { operation: 'versions', name, version: '' };
  if (method === 'GET' && !verb) return { operation: 'get', name, version };
  if (method === 'POST' && (verb === 'sign' || verb === 'wrapkey' || verb === 'unwrapkey'))
    return { operation: verb, name, version };
  return unknown;
}

function readValue(body: Buffer): { readonly alg: unknown; readonly value: Buffer } | undefined {
  try {
    const { alg, value } = JSON.parse(body.toString()) as Record<string, unknown>;
    return typeof value === 'string' ? { alg, value: Buffer.from(value, 'base64url') } : undefined;
  } catch {
    return undefined;
  }
}

function challenge(response: ServerResponse): void {
  const where = 'authorization="https://login.example/tenant", resource="https://vault.example"';
  response.writeHead(401, { 'www-authenticate': `Bearer ${where}` }).end();
}

function refuse(seen: VaultRequest, response: ServerResponse, { status, code, inner }: Refusal) {
  const innererror = inner === undefined ? {} : { innererror: { code: inner } };
  say(seen, response, status, { error: { code, message: 'made by the fake', ...innererror } });
}

function say(seen: VaultRequest, response: ServerResponse, status: number, body: unknown): void {
  seen.status = status;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
