/** What a shell sees; the table in docs/cli.md says the same. */
export const exitCodes = {
  ok: 0,
  /** The command worked and its answer is "no": `config diff` found differences. */
  negative: 1,
  usage: 2,
  /** The server answered 4xx. */
  refused: 3,
  /** Not reachable, 5xx, or an answer that no Vestibule gives. */
  unavailable: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** One fault of several; `target` is `<file>#<pointer>` for a configuration. */
export type Detail = { readonly target?: string | undefined; readonly message: string };

/** Ends the command: `fix` says what to do about it. Neither ever contains a secret. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly fix: string | undefined;
  readonly exitCode: ExitCode;
  /** The HTTP status, if the server answered. */
  readonly status: number | undefined;
  readonly details: readonly Detail[];

  constructor(
    message: string,
    options: {
      readonly exitCode: ExitCode;
      readonly status?: number | undefined;
      readonly fix?: string | undefined;
      readonly details?: readonly Detail[];
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.fix = options.fix;
    this.exitCode = options.exitCode;
    this.status = options.status;
    this.details = options.details ?? [];
  }
}

/** The same with what to do about it in a command's own words; undefined leaves the general ones. */
export function withFix(error: unknown, fixOf: (error: CliError) => string | undefined): unknown {
  if (!(error instanceof CliError)) return error;
  const fix = fixOf(error);
  const { message, exitCode, status, details, cause } = error;
  return fix === undefined
    ? error
    : new CliError(message, { exitCode, status, details, cause, fix });
}
