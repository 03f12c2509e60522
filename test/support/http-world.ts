import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestRecord } from '../../dev/host/serve-request.ts';
import { startWorld, type WorldOptions } from '../../dev/world.ts';
import { consoleJournal } from '../../shared/adapters/journal.ts';
import { openTables } from '../../shared/adapters/store/tables.ts';
import { overrideCompose } from '../../shared/compose-override.ts';
import { createHttpBrowser } from './http-browser.ts';
import { createSender, type Got, jsonOf, type Sent } from './http-send.ts';

/**
 * The local world with what a test over HTTP needs: a gateway clock that goes on by command, every
 * line that was logged, every request that was served, and senders that watch what comes back.
 */
export async function startHttpWorld(
  options: Pick<WorldOptions, 'seed' | 'tablesThrough' | 'vault'> & {
    readonly keepAnswers?: boolean;
  } = {},
) {
  let aheadMs = 0;
  const clock = () => new Date(Date.now() + aheadMs);
  const lines: string[] = [];
  const requests: RequestRecord[] = [];
  const write = (line: string) => {
    lines.push(line);
  };
  const world = await startWorld({
    clock,
    journal: consoleJournal(clock, write),
    log: write,
    onRequest: (record) => requests.push(record),
    ...(options.seed ? { seed: options.seed } : {}),
    ...(options.vault ? { vault: options.vault } : {}),
    ...(options.tablesThrough ? { tablesThrough: options.tablesThrough } : {}),
  });
  const answers: { readonly url: string; readonly got: Got }[] = [];
  const { send: sendTo, watched } = createSender(
    () => [world.issuer, world.partner.issuer],
    (got, url) => {
      if (options.keepAnswers && url.startsWith(world.issuer)) answers.push({ url, got });
    },
  );

  /** A path is the gateway's. */
  const send = (target: string, sent: Sent = {}): Promise<Got> =>
    sendTo(target.startsWith('/') ? `${world.issuer}${target}` : target, sent);

  /** A form of the gateway's own page, as a browser posts it. */
  const post = (path: string, fields: URLSearchParams, headers: Sent['headers'] = {}) =>
    send(path, { method: 'POST', headers: { ...ownForm(world.issuer), ...headers }, body: fields });

  async function adminToken(
    client: { readonly clientId: string; readonly clientSecret: string } = world.admin,
  ): Promise<string> {
    const got = await send('/token', {
      method: 'POST',
      headers: basic(client.clientId, client.clientSecret),
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    return String(jsonOf(got)['access_token']);
  }

  const admin = async (method: string, path: string, body?: unknown, headers = {}) =>
    send(path, {
      method,
      headers: {
        authorization: `Bearer ${await adminToken()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  /** The folder applied once more with changes, by the seeded client; in force at once. */
  async function apply(changes: Readonly<Record<string, string | undefined>>): Promise<Got> {
    const files: Record<string, string | undefined> = { ...world.files, ...changes };
    for (const [file, text] of Object.entries(files)) if (text === undefined) delete files[file];
    const { clientId, clientSecret } = world.seed;
    const got = await send('/manage/config', {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${await adminToken({ clientId, clientSecret })}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ files }),
    });
    aheadMs += 5_000;
    return got;
  }

  /** The app as it would have started with other settings, for the requests from now on. */
  function restart(changes: Readonly<Record<string, string>>): void {
    const journal = consoleJournal(clock, write);
    overrideCompose({ ...world.environment, ...changes }, { clock, journal });
  }

  /** Table calls that one request made. */
  async function callsOf(work: () => Promise<Got>): Promise<{ got: Got; calls: number }> {
    const before = requests.length;
    const got = await work();
    // the host tells of a request right after it was answered
    for (let wait = 0; wait < 100 && requests.length === before; wait++) await sleep(5);
    return { got, calls: requests.slice(before).reduce((sum, { calls }) => sum + calls, 0) };
  }

  /** Every stored row of every table, straight from the service. */
  async function dumpTables(): Promise<string> {
    const store = openTables(world.tables);
    const texts: string[] = [];
    for (const table of ['expiring', 'guests', 'directory', 'config', 'log'] as const) {
      let cursor: string | undefined;
      do {
        const page = await store.scan(table, { from: '!', to: '~' }, { limit: 1000, cursor });
        texts.push(...page.rows.map((row) => JSON.stringify(row)));
        cursor = page.cursor;
      } while (cursor !== undefined);
    }
    return texts.join('\n');
  }

  return {
    ...world,
    clock,
    advance: (ms: number): void => {
      aheadMs += ms;
    },
    lines,
    requests,
    watched,
    /** The gateway's, where they are kept. */
    answers,
    send,
    post,
    browser: (headers: Readonly<Record<string, string>> = {}) => createHttpBrowser(sendTo, headers),
    adminToken,
    adminRequest: admin,
    apply,
    restart,
    callsOf,
    dumpTables,
    store: openTables(world.tables),
  };
}

export type HttpWorld = Awaited<ReturnType<typeof startHttpWorld>>;

export const ownForm = (origin: string) => ({
  origin,
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/x-www-form-urlencoded',
});

export const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});
