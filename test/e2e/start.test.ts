import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const running: ChildProcess[] = [];
vi.setConfig({ testTimeout: 90_000 });

/** As a person types it, with what it says until it ends. */
function npm(...words: readonly string[]) {
  // a group of its own, so that nothing of it outlives a test that fails
  const child = spawn('npm', words, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, said, ended };
}

afterEach(() => {
  for (const { pid } of running.splice(0))
    try {
      if (pid) process.kill(-pid, 'SIGKILL');
    } catch {
      // it has ended
    }
});

async function isListening(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname.replace(/^\[(.*)\]$/, '$1') });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const flags = ['--gateway-port', '--partner-port', '--app-port', '--mail-port'] as const;
const ports = (given: Partial<Record<(typeof flags)[number], number>> = {}) =>
  flags.flatMap((flag) => [flag, String(given[flag] ?? 0)]);

describe('npm start', () => {
  it('opens with a banner that names everything, and ends whole', async () => {
    const { child, said, ended } = npm('start', '--', ...ports());
    await expect.poll(() => said.out, { timeout: 60_000 }).toContain('Ctrl-C stops everything');
    const urls = [...said.out.matchAll(/^ {2}(Open|Gateway|Partner|Mailbox) +(\S+)/gm)].map(
      ([, , url = '']) => url,
    );
    expect(urls).toEqual([
      expect.stringMatching(/^http:\/\/\[::1\]:\d+$/),
      expect.stringMatching(/^http:\/\/localhost:\d+$/),
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    ]);
    for (const mail of ['ann@contoso.example', 'ben@contoso.example', 'gus@smallshop.example'])
      expect(said.out).toContain(mail);
    expect(said.out).toContain('npm run vestibule -- mfa list');
    for (const url of urls) expect((await fetch(url)).status).toBeLessThan(500);

    child.kill('SIGTERM');
    await ended;
    for (const url of urls) expect(await isListening(url)).toBe(false);
  });

  it.each([
    ['--gateway-port', '127.0.0.1', '127.0.0.1'],
    ['--partner-port', '127.0.0.1', '127.0.0.1'],
    ['--app-port', '::1', '[::1]'],
    ['--mail-port', '127.0.0.1', '127.0.0.1'],
  ] as const)('names a port that is taken: %s', async (flag, host, shown) => {
    const other = createServer().listen(0, host);
    try {
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const { said, ended } = npm('start', '--', ...ports({ [flag]: port }));
      expect(await ended).toBeGreaterThan(0);
      expect(said.err).toContain(
        `port ${port} is in use: something else listens on ${shown}:${port}`,
      );
      expect(said.err).not.toMatch(/\n\s+at /);
    } finally {
      other.close();
    }
  });
});

/** In the first hour of a UTC day a mailbox's limits ask what the day before sent in its last. */
const inFirstHour = new Date().getUTCHours() === 0 ? 1 : 0;

/** What the app is told of a guest, and how many table calls each occasion may take. */
const walks = [
  {
    name: 'Ann Abel',
    mail: 'ann@contoso.example',
    idp: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    amr: ['otp', 'mfa'],
    occasions: [
      ['first time: sets up an authenticator app', 14],
      ['again: a code only', 12],
      ['another app: the session does', 5],
    ],
  },
  {
    name: 'Gus Greve',
    mail: 'gus@smallshop.example',
    idp: 'mail',
    amr: ['email', 'otp', 'mfa'],
    occasions: [
      // a first lease of allowances is two of them
      ['first time: sets up an authenticator app', 19 + inFirstHour],
      ['again: a code only', 15 + inFirstHour],
      ['another app: the session does', 5],
    ],
  },
] as const;

describe('npm run demo', () => {
  it('walks two guests in three times, in few table calls', async () => {
    const { said, ended } = npm('run', 'demo', '--', '--json');
    expect(await ended).toBe(0);
    const { guests } = JSON.parse(said.out.slice(said.out.indexOf('{'))) as {
      guests: {
        person: string;
        steps: { step: string; status: number; tableCalls: number }[];
        decision: Record<string, unknown>;
        idToken: Record<string, unknown>;
        tableCalls: number;
      }[];
    };
    const expected = walks.flatMap(({ occasions, name, ...who }) =>
      occasions.map(([what, budget]) => ({ ...who, person: `${name}, ${what}`, budget })),
    );
    expect(guests.map(({ person }) => person)).toEqual(expected.map(({ person }) => person));
    for (const [index, { person, mail, idp, amr, budget }] of expected.entries()) {
      const guest = guests[index];
      expect(guest?.steps.every(({ status }) => status < 400)).toBe(true);
      expect(guest?.decision).toMatchObject({ result: 'success' });
      const acr = 'urn:vestibule:acr:mfa';
      expect(guest?.idToken).toMatchObject({ acr, amr, idp, email: mail });
      expect(guest?.tableCalls, person).toBeLessThanOrEqual(budget);
    }
  });
});
