import { readFileSync } from 'node:fs';
import { optionsOf, readArguments, readWords, usageError } from './arguments.ts';
import { CliError, type ExitCode, exitCodes } from './cli-error.ts';
import type { Command, Environment, Options, Outcome } from './command.ts';
import { chooseCommand, commands } from './commands.ts';
import { connect } from './connection.ts';
import { helpOf, overviewOf } from './help.ts';
import { jsonText, list, type Paint, paintFor, printable } from './text.ts';

type Stream = { readonly isTTY?: boolean | undefined; write(text: string): unknown };

export type Io = {
  readonly env: Environment;
  readonly stdout: Stream;
  readonly stderr: Stream;
};

/** One command line from its words to its output. Never throws. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  // Asked here already: a command line that cannot be read is answered in JSON as well.
  const end = args.indexOf('--');
  const isJson = args.slice(0, end < 0 ? args.length : end).includes('--json');
  try {
    const outcome = await outcomeOf(args, io);
    io.stdout.write(`${isJson ? jsonText(outcome.json) : outcome.text}\n`);
    return outcome.exitCode ?? exitCodes.ok;
  } catch (thrown) {
    const error = thrown instanceof CliError ? thrown : unexpected(thrown);
    io.stderr.write(`${errorText(error, paintFor(io.stderr, io.env))}\n`);
    if (isJson) io.stdout.write(`${jsonText({ error: errorJson(error) })}\n`);
    return error.exitCode;
  }
}

async function outcomeOf(args: readonly string[], io: Io): Promise<Outcome> {
  const paint = paintFor(io.stdout, io.env);
  const { words, wantsHelp, wantsVersion, without } = readWords(args, allOptions());
  if (wantsVersion) return versionOutcome();
  const chosen = chooseCommand(words);
  if (chosen.kind === 'group') {
    if (wantsHelp) return helpOutcome(overviewOf(chosen.commands, paint));
    throw usageError(
      words.length === 0 ? 'no command is given' : `'${words.join(' ')}' alone is no command`,
      `use ${chosen.commands.map(({ name }) => name).join(', ')}, or see \`vestibule --help\``,
    );
  }
  const { command } = chosen;
  if (wantsHelp) return helpOutcome(helpOf(command, paint));
  const given = readArguments(command, without(2));
  const { issuer, 'client-id': clientId } = given.values;
  return command.run(
    {
      client: () => connect({ issuer: textOf(issuer), clientId: textOf(clientId) }, io.env),
      env: io.env,
      paint,
      say: (line) => {
        if (io.stderr.isTTY) io.stderr.write(`${printable(line)}\n`);
      },
    },
    given,
  );
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** No name stands for two kinds of option, so that they can be read before the command is known. */
const allOptions = (): Options =>
  Object.assign({}, ...commands.map((command: Command) => optionsOf(command)));

const helpOutcome = (help: string): Outcome => ({ json: { help }, text: help });

function versionOutcome(): Outcome {
  const url = new URL('../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(url, 'utf8')) as { version: string };
  return { json: { version }, text: `vestibule ${version}` };
}

// ── errors ───────────────────────────────────────────────────────────────────────────────────

/** Not exit code 1, which is an answer. */
const unexpected = (thrown: unknown): CliError =>
  new CliError(
    `unexpected: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`,
    {
      exitCode: exitCodes.unavailable,
      fix: 'this is a fault of the command line itself: report it',
      cause: thrown,
    },
  );

function errorText(error: CliError, paint: Paint): string {
  const details = error.details.map(({ target, message }) => [target ?? '', message] as const);
  return [
    `${paint('red', 'vestibule:')} ${error.message.split('\n').map(printable).join('\n')}`,
    ...(details.length > 0 ? [list(details)] : []),
    ...(error.fix === undefined ? [] : [`  ${paint('bold', 'fix:')} ${printable(error.fix)}`]),
  ].join('\n');
}

const errorJson = ({ message, fix, exitCode, details }: CliError) => ({
  exitCode,
  message,
  fix,
  details,
});
