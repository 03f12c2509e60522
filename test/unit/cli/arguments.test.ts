import { describe, expect, test } from 'vitest';
import { commands } from '../../../cli/commands.ts';
import { runHere } from './stand-in.ts';

const env = {
  VESTIBULE_ISSUER: 'https://signin.host.example',
  VESTIBULE_CLIENT_ID: 'a-client',
  VESTIBULE_CLIENT_SECRET: 'a-secret-that-nobody-may-see',
};

describe('wrong usage ends with 2 and names the fix', () => {
  test.each([
    ['', 'no command is given', 'config apply'],
    ['mfa', "'mfa' alone is no command", 'use mfa list, mfa reset'],
    ['mfa rest x', "unknown command 'mfa rest': did you mean 'mfa reset'?", 'mfa reset'],
    ['confg aply x', "did you mean 'config apply'?", 'vestibule --help'],
    ['mfalist', "unknown command 'mfalist': did you mean 'mfa list'?", 'vestibule --help'],
    ['policy test', "unknown command 'policy test'", 'use policy check'],
    ['policy check', 'policy check needs <dir>', 'write vestibule policy check <dir>'],
    ['policy check no/such/folder', 'no file or folder no/such/folder', 'exported policies'],
    ['policy check x --issuer y', 'policy check has no option --issuer', '--help'],
    ['mfa list --filtr x', 'mfa list has no option --filtr: did you mean --filter?', '--help'],
    ['mfa list --filter x', '--filter has no such value', 'use registered or unregistered'],
    ['mfa list --filter', '--filter', 'vestibule mfa list --help'],
    ['mfa list --json=yes', '--json', 'vestibule mfa list --help'],
    ['mfa list --filter x --filter y', '--filter appears more than once', 'give it once'],
    ['mfa list -- --json', 'mfa list takes no argument, but got 1', 'write vestibule mfa list'],
    ['mfa reset a@b.example --reason -x', '--reason', '--name=-value'],
    ['mfa list x', 'mfa list takes no argument', 'write vestibule mfa list'],
    ['mfa reset a@b.example', 'mfa reset needs --reason', 'add --reason "why"'],
    ['mfa reset a@b.example --reason=', '--reason is empty', '--reason "why"'],
    ['mfa reset --reason x', 'mfa reset needs <upn|id|mail>', 'write vestibule mfa reset'],
    ['mfa reset alex --reason x', "'alex' is no name of a guest", 'vestibule mfa list'],
    [
      'mfa reset alex_contoso.com#EXT#@ host.example --reason x',
      'but got 2',
      'put a name with blanks in quotes',
    ],
    ['mfa reset a@b.example --reason x --idempotency-key ü', '--idempotency-key', 'use a UUID'],
    ['config apply', 'config apply needs <dir>', 'write vestibule config apply <dir>'],
    ['config apply no/such/folder', 'no/such/folder', 'a folder that exists'],
    ['config apply examples --if-match ü', '--if-match is no ETag', 'vestibule config show'],
    ['secret new --issuer x', 'secret new has no option --issuer', '--help'],
  ])('vestibule %s', async (line, message, fix) => {
    const { exitCode, stdout, stderr } = await runHere(line.split(' ').filter(Boolean), env);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr.split('fix:')[1]).toContain(fix);
    expect(stderr).not.toContain(env.VESTIBULE_CLIENT_SECRET);
  });

  test('in JSON as well', async () => {
    const { exitCode, stdout, stderr } = await runHere(['mfa', 'rest', '--json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        exitCode: 2,
        message: "unknown command 'mfa rest': did you mean 'mfa reset'?",
        fix: 'use mfa list, mfa reset',
        details: [],
      },
    });
    expect(stderr).toContain('did you mean');
  });
});

describe('a secret is no argument', () => {
  test.each(['--client-secret', '--token', '--secret', '--password'])('%s', async (option) => {
    for (const rest of [[option, 'hunter2'], [`${option}=hunter2`]]) {
      const { exitCode, stdout, stderr } = await runHere(['mfa', 'list', ...rest], env);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('VESTIBULE_CLIENT_SECRET');
      expect(stdout + stderr).not.toContain('hunter2');
    }
  });
});

describe('a connection that is not whole', () => {
  test.each([
    [{}, 'set VESTIBULE_ISSUER'],
    [{ VESTIBULE_ISSUER: 'https://a.example' }, 'set VESTIBULE_CLIENT_ID'],
    [
      { VESTIBULE_ISSUER: 'https://a.example', VESTIBULE_CLIENT_ID: 'x' },
      'set VESTIBULE_CLIENT_SECRET',
    ],
    [{ ...env, VESTIBULE_TOKEN: 'a.b.c' }, 'unset VESTIBULE_TOKEN'],
    [{ VESTIBULE_ISSUER: 'https://a.example', VESTIBULE_TOKEN: 'a b' }, 'without "Bearer"'],
    [{ VESTIBULE_ISSUER: 'https://a.example', VESTIBULE_TOKEN: 'a\r\nb' }, 'without "Bearer"'],
    [{ ...env, VESTIBULE_ISSUER: 'a.example' }, 'https://signin.host.example'],
    [{ ...env, VESTIBULE_ISSUER: 'https://a.example/x' }, 'write https://a.example'],
    [{ ...env, VESTIBULE_ISSUER: 'http://a.example' }, 'use https'],
    [{ ...env, VESTIBULE_ISSUER: 'http://localhost.a.example' }, 'use https'],
    [{ ...env, VESTIBULE_ISSUER: 'http://127.0.0.1@a.example' }, 'leave them out'],
    [{ ...env, VESTIBULE_ISSUER: 'ftp://localhost' }, 'use https'],
  ])('%j', async (given, fix) => {
    const { exitCode, stderr } = await runHere(['mfa', 'list'], given as Record<string, string>);
    expect(exitCode).toBe(2);
    expect(stderr.split('fix:')[1]).toContain(fix);
  });

  test('--issuer comes before the environment', async () => {
    const { stderr } = await runHere(['--issuer', 'http://b.example', 'mfa', 'list'], env);
    expect(stderr).toContain('issuer http://b.example');
  });
});

describe('help', () => {
  test('names every command', async () => {
    const { exitCode, stdout } = await runHere(['--help']);
    expect(exitCode).toBe(0);
    for (const { name } of commands) expect(stdout).toContain(`  ${name} `);
  });

  test.each(commands.map(({ name }) => name))(
    'of %s has examples and its options',
    async (name) => {
      const { exitCode, stdout } = await runHere([...name.split(' '), '--help']);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`Examples\n  vestibule ${name}`);
      for (const option of Object.keys(commands.find((one) => one.name === name)?.options ?? {}))
        expect(stdout).toContain(`--${option}`);
    },
  );

  test('of a group, and in JSON', async () => {
    const { stdout } = await runHere(['mfa', '-h', '--json']);
    const { help } = JSON.parse(stdout);
    expect(help).toContain('mfa reset');
    expect(help).not.toContain('config apply');
  });

  test('has colours on a terminal only, and not when they are refused', async () => {
    const colour = '\u001b[';
    expect((await runHere(['--help'], {}, { isTTY: true })).stdout).toContain(colour);
    expect((await runHere(['--help'])).stdout).not.toContain(colour);
    expect((await runHere(['--help'], { NO_COLOR: '1' }, { isTTY: true })).stdout).not.toContain(
      colour,
    );
  });
});
