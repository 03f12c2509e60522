import type { ExitCode } from './cli-error.ts';
import type { Client } from './client.ts';
import type { Paint } from './text.ts';

export type OptionSpec =
  | { readonly type: 'boolean'; readonly help: string; readonly short?: string }
  | {
      readonly type: 'string';
      /** What stands for the value in help texts. */
      readonly value: string;
      readonly help: string;
      /** The only values there are. */
      readonly choices?: readonly string[];
      readonly required?: boolean;
    };

export type Options = Readonly<Record<string, OptionSpec>>;

type Value<Spec extends OptionSpec> = Spec extends { readonly type: 'boolean' }
  ? boolean | undefined
  : Spec extends { readonly required: true }
    ? string
    : string | undefined;

export type Given<O extends Options> = {
  /** As many as the command has `arguments`. */
  readonly positionals: readonly string[];
  readonly values: { readonly [name in keyof O]: Value<O[name]> };
};

export type Environment = Readonly<Record<string, string | undefined>>;

export type Context = {
  /** Opened when it is asked for: what needs no gateway needs no connection. */
  readonly client: () => Client;
  readonly env: Environment;
  readonly paint: Paint;
  /** To people that watch; not part of the output. */
  readonly say: (line: string) => void;
};

export type Outcome = {
  readonly json: unknown;
  /** The same for people. */
  readonly text: string;
  readonly exitCode?: ExitCode;
};

export type Command<O extends Options = Options> = {
  /** Its words: `config apply`. */
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly string[];
  readonly options: O;
  readonly connects: boolean;
  /** With the reason for each, where the line does not say it itself. */
  readonly examples: readonly string[];
  run(context: Context, given: Given<O>): Promise<Outcome>;
};

/** Keeps the names and kinds of its own options for `run`. */
export const defineCommand = <const O extends Options>(command: Command<O>): Command =>
  command as unknown as Command;
