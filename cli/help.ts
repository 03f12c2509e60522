import { connectionOptions, generalOptions } from './arguments.ts';
import type { Command, Options } from './command.ts';
import { list, type Paint } from './text.ts';

const exitCodesHelp = `  0  done
  1  done, and the answer is no: config diff found differences, policy check refuses something
  2  wrong usage
  3  refused by the gateway (4xx)
  4  gateway not reachable or failing (5xx)`;

const connectionHelp = `  VESTIBULE_ISSUER         address of the gateway
  VESTIBULE_CLIENT_ID      client to sign in as (an app with appRoles)
  VESTIBULE_CLIENT_SECRET  its secret
  VESTIBULE_TOKEN          an access token instead of both`;

export function helpOf(command: Command, paint: Paint): string {
  const { options, connects, examples } = command;
  return sections(paint, [
    [
      '',
      `vestibule ${[command.name, ...command.arguments].join(' ')} [options]\n\n${command.summary}`,
    ],
    ['Options', optionLines({ ...options, ...generalOptions, version: undefined })],
    ...(connects
      ? [
          ['Connection', optionLines(connectionOptions)] as const,
          ['Environment', connectionHelp] as const,
        ]
      : []),
    ['Examples', examples.map((line) => `  ${line}`).join('\n')],
  ]);
}

/** Of all commands, or of those of one group. */
export function overviewOf(commands: readonly Command[], paint: Paint): string {
  return sections(paint, [
    ['', 'vestibule <command> [options]\n\nThe command line of a Vestibule sign-in gateway.'],
    [
      'Commands',
      list(
        commands.map((command) => [
          [command.name, ...command.arguments].join(' '),
          command.summary.split('\n')[0] ?? '',
        ]),
      ),
    ],
    ['Options', optionLines(generalOptions)],
    ['Environment', connectionHelp],
    ['Exit codes', exitCodesHelp],
    ['', '`vestibule <command> --help` explains one command, with examples.'],
  ]);
}

function sections(paint: Paint, parts: readonly (readonly [string, string])[]): string {
  return parts
    .map(([title, text]) => (title === '' ? text : `${paint('bold', title)}\n${text}`))
    .join('\n\n');
}

const optionLines = (options: { readonly [name in string]: Options[string] | undefined }): string =>
  list(
    Object.entries(options).flatMap(([name, spec]) =>
      spec === undefined
        ? []
        : [[spec.type === 'string' ? `--${name} ${spec.value}` : `--${name}`, spec.help] as const],
    ),
  );
