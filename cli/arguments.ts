import { parseArgs } from 'node:util';
import { CliError, exitCodes } from './cli-error.ts';
import type { Command, Given, Options } from './command.ts';
import { suggest } from './suggest.ts';

/** Understood by every command. */
export const generalOptions = {
  json: { type: 'boolean', help: 'print JSON and nothing else on stdout' },
  help: { type: 'boolean', short: 'h', help: 'explain the command' },
  version: { type: 'boolean', help: 'print the version' },
} as const satisfies Options;

/** Understood by every command that asks the gateway. */
export const connectionOptions = {
  issuer: { type: 'string', value: 'URL', help: 'the gateway; default: VESTIBULE_ISSUER' },
  'client-id': {
    type: 'string',
    value: 'ID',
    help: 'the client to sign in as; default: VESTIBULE_CLIENT_ID',
  },
} as const satisfies Options;

export const usageError = (message: string, fix: string): CliError =>
  new CliError(message, { exitCode: exitCodes.usage, fix });

/** What is asked before any option is checked. */
export type Words = {
  readonly words: readonly string[];
  readonly wantsHelp: boolean;
  readonly wantsVersion: boolean;
  /** The arguments without the first `count` words. */
  readonly without: (count: number) => readonly string[];
};

/** Options may stand before the command; `known` says which of them take the next argument. */
export function readWords(args: readonly string[], known: Options): Words {
  const { tokens, values } = parseArgs({
    args: [...args],
    options: parseable({ ...known, ...generalOptions }),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const positionals = tokens.filter((token) => token.kind === 'positional');
  return {
    words: positionals.map(({ value }) => value),
    wantsHelp: values['help'] === true,
    wantsVersion: values['version'] === true,
    without: (count) => {
      const removed = positionals.slice(0, count).map(({ index }) => index);
      return args.filter((_, index) => !removed.includes(index));
    },
  };
}

export const optionsOf = (command: Command): Options => ({
  ...command.options,
  ...(command.connects ? connectionOptions : {}),
  ...generalOptions,
});

/** `args` without the command's own words. Throws a `CliError` that never repeats a value. */
export function readArguments(command: Command, args: readonly string[]): Given<Options> {
  const options = optionsOf(command);
  const help = `see \`vestibule ${command.name} --help\``;
  checkNames(command, options, args);
  const { values, positionals, tokens } = parsed(options, args, help);

  const names = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw usageError(`--${twice} appears more than once`, 'give it once');
  for (const [name, spec] of Object.entries(options)) {
    if (spec.type !== 'string') continue;
    const value = values[name];
    if (value === undefined && spec.required)
      throw usageError(`${command.name} needs --${name}`, `add --${name} "${spec.value}"`);
    if (typeof value === 'string' && spec.choices && !spec.choices.includes(value))
      throw usageError(`--${name} has no such value`, `use ${spec.choices.join(' or ')}`);
    if (value === '') throw usageError(`--${name} is empty`, `write --${name} "${spec.value}"`);
  }
  checkCount(command, positionals);
  return { values: values as Given<Options>['values'], positionals };
}

function parsed(options: Options, args: readonly string[], help: string) {
  try {
    return parseArgs({
      args: [...args],
      options: parseable(options),
      allowPositionals: true,
      tokens: true,
    });
  } catch (cause) {
    // Names of options are known by now: what is left is a value missing, or one too many.
    const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    const isAmbiguous = message.includes('ambiguous');
    throw usageError(
      message.replace(/\.$/, ''),
      isAmbiguous ? `a value that begins with a dash is written --name=-value; ${help}` : help,
    );
  }
}

/** Only the name: what was written behind an option that is none may be a secret. */
function checkNames(command: Command, options: Options, args: readonly string[]): void {
  const { tokens } = parseArgs({
    args: [...args],
    options: parseable(options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const unknown = tokens
    .filter((token) => token.kind === 'option')
    .find(({ name }) => !Object.hasOwn(options, name));
  if (!unknown) return;
  if (/secret|token|password/i.test(unknown.name))
    throw usageError(
      `there is no ${unknown.rawName}: others can read the arguments of a process`,
      'set VESTIBULE_CLIENT_SECRET or VESTIBULE_TOKEN in the environment instead',
    );
  const meant = suggest(unknown.name, Object.keys(options));
  throw usageError(
    `${command.name} has no option ${unknown.rawName}${meant === undefined ? '' : `: did you mean --${meant}?`}`,
    `see \`vestibule ${command.name} --help\``,
  );
}

function checkCount(command: Command, positionals: readonly string[]): void {
  const wanted = command.arguments;
  if (positionals.length === wanted.length && !positionals.includes('')) return;
  const usage = ['vestibule', command.name, ...wanted].join(' ');
  if (positionals.length > wanted.length)
    throw usageError(
      `${command.name} takes ${wanted.length === 0 ? 'no argument' : wanted.join(' ')}, but got ${positionals.length}`,
      wanted.length === 0 ? `write ${usage}` : 'put a name with blanks in quotes',
    );
  throw usageError(`${command.name} needs ${wanted.join(' ')}`, `write ${usage}`);
}

/** What `parseArgs` understands of it. */
function parseable(options: Options) {
  return Object.fromEntries(
    Object.entries(options).map(([name, spec]) => [
      name,
      'short' in spec && spec.short !== undefined
        ? { type: spec.type, short: spec.short }
        : { type: spec.type },
    ]),
  );
}
