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

const flags = ['--gateway-port', '--partner-port', '--app-port'] as const;
const ports = (given: Partial<Record<(typeof flags)[number], number>> = {}) =>
  flags.flatMap((flag) => [flag, String(given[flag] ?? 0)]);

describe('npm start', () => {
  it('opens with a banner that names everything, and ends whole', async () => {
    const { child, said, ended } = npm('start', '--', ...ports());
    await expect.poll(() => said.out, { timeout: 60_000 }).toContain('Ctrl-C stops everything');
    const urls = [...said.out.matchAll(/^ {2}(Open|Gateway|Partner) +(\S+)/gm)].map(
      ([, , url = '']) => url,
    );
    expect(urls).toEqual([
      expect.stringMatching(/^http:\/\/\[::1\]:\d+$/),
      expect.stringMatching(/^http:\/\/localhost:\d+$/),
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    ]);
    for (const mail of ['ann@contoso.example', 'ben@contoso.example'])
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

describe('npm run demo', () => {
  it('walks a guest in twice, in few table calls', async () => {
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
    expect(guests.map(({ person }) => person)).toEqual([
      'Ann Abel, first time: sets up an authenticator app',
      'Ann Abel, again: a code only',
    ]);
    for (const { steps, decision, idToken } of guests) {
      expect(steps.every(({ status }) => status < 400)).toBe(true);
      expect(decision).toMatchObject({ result: 'success' });
      expect(idToken).toMatchObject({ acr: 'urn:vestibule:acr:mfa', email: 'ann@contoso.example' });
    }
    const [enrolment, again] = guests;
    expect(enrolment?.tableCalls).toBeLessThanOrEqual(13);
    expect(again?.tableCalls).toBeLessThanOrEqual(12);
  });
});
