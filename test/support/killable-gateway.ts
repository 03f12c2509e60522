import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { dirname, resolve } from 'node:path';
import { openClient } from '../../cli/client.ts';
import { applyFolder } from '../../cli/config.ts';
import { startAzurite, tableConnectionString } from '../../dev/azurite.ts';
import { startFaultProxy } from '../../dev/fault-proxy.ts';
import { closeServers, listen } from '../../dev/listen.ts';
import { startMailService } from '../../dev/mail/start-mail-service.ts';
import { openTables } from '../../shared/adapters/store/tables.ts';
import { appIds, edited, exampleFiles, secrets } from './house-folder.ts';
import { createHttpBrowser } from './http-browser.ts';
import { createSender } from './http-send.ts';

const script = resolve(import.meta.dirname, 'gateway-child.ts');

/** Guests by mailed code, one for each time that the gateway dies: limits are a mailbox's own. */
export const mailOf = (n: number): string => `guest${n}@smallshop.example`;

function guestFile(n: number): [string, string] {
  const guest = {
    id: `b0000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    userPrincipalName: `guest${n}_smallshop.example#EXT#@fabrikam.onmicrosoft.example`,
    displayName: `Guest ${n}`,
    mail: mailOf(n),
    identities: [{ partner: 'mail', subject: mailOf(n) }],
  };
  return [`guests/guest${n}.json`, JSON.stringify(guest)];
}

/**
 * A gateway that can be killed at any of its table calls and started again, while tables, mailbox
 * and address stay. From source, or `built`: the main file of the app as it is deployed. `settings` go
 * before its own.
 */
export async function startKillableGateway(
  guests: number,
  built?: string,
  settings: Readonly<Record<string, string | undefined>> = {},
) {
  await using starting = new AsyncDisposableStack();
  const azurite = starting.use(await startAzurite());
  const store = openTables({ connectionString: azurite.connectionString });
  await store.ensureTables();
  const proxy = starting.use(await startFaultProxy(azurite.url));
  const mailbox = starting.use(await startMailService({ port: 0, log: () => undefined }));
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const seed = { clientId: randomUUID(), clientSecret: randomBytes(24).toString('base64url') };
  const env = {
    ...process.env,
    VESTIBULE_ISSUER: issuer,
    VESTIBULE_TABLES: tableConnectionString(proxy.url),
    VESTIBULE_LOCAL_KEY: randomBytes(32).toString('base64url'),
    VESTIBULE_SEED_CLIENT_ID: seed.clientId,
    VESTIBULE_SEED_CLIENT_SECRET: seed.clientSecret,
    VESTIBULE_MAIL: mailbox.connectionString,
    VESTIBULE_MAIL_SENDER: 'no-reply@fabrikam.example',
    ...settings,
  };
  let child: ChildProcess = await startChild();
  starting.defer(() => stop());

  async function startChild(): Promise<ChildProcess> {
    const started = fork(script, [String(port), ...(built === undefined ? [] : [built])], {
      env,
      stdio: 'ignore',
      // where Azure starts it
      ...(built === undefined ? {} : { cwd: dirname(built) }),
    });
    await once(started, 'message');
    return started;
  }
  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  const files = edited(exampleFiles(), 'settings.json', {
    passcode: { enabled: true, answerMilliseconds: 400 },
  });
  for (let n = 0; n < guests; n++) {
    const [file, text] = guestFile(n);
    Object.assign(files, { [file]: text });
  }
  await applyFolder(openClient({ issuer, ...seed }), files, { wait: false });

  const { send } = createSender(() => [issuer]);
  const running = starting.move();
  return {
    issuer,
    app: 'http://[::1]:7090',
    clients: {
      confidential: { id: appIds.woodgrove, secret: secrets.woodgrove },
      public: { id: appIds.desktop },
      timesheets: { id: appIds.timesheets, secret: secrets.timesheets },
    },
    seed,
    mailbox,
    store,
    send: (path: string, sent: Parameters<typeof send>[1] = {}) => send(`${issuer}${path}`, sent),
    browser: () => createHttpBrowser(send),
    /**
     * SIGKILL in the moment of the n-th table call from here on, which is not carried out. True: it
     * came to that; the request had fewer calls otherwise.
     */
    async killedAt(n: number, request: () => Promise<unknown>): Promise<boolean> {
      let calls = 0;
      proxy.rule(() => {
        if (++calls !== n) return undefined;
        child.kill('SIGKILL');
        return 'rst-before';
      });
      const exited = once(child, 'exit');
      await request().catch(() => undefined);
      proxy.rule(undefined);
      if (calls < n) return false;
      await exited;
      child = await startChild();
      return true;
    },
    async fireTimer(name: string): Promise<void> {
      const answer = once(child, 'message');
      child.send(name);
      const [said] = await answer;
      if (said !== 'done') throw new Error(String(said));
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export type KillableGateway = Awaited<ReturnType<typeof startKillableGateway>>;

async function freePort(): Promise<number> {
  const { port, servers } = await listen(() => undefined, { port: 0, addresses: ['127.0.0.1'] });
  await closeServers(servers);
  return port;
}
