import { usageError } from './arguments.ts';
import type { Command } from './command.ts';
import { configApply } from './commands/config-apply.ts';
import { configDiff } from './commands/config-diff.ts';
import { configShow } from './commands/config-show.ts';
import { keysList } from './commands/keys-list.ts';
import { keysRevoke } from './commands/keys-revoke.ts';
import { keysRotate } from './commands/keys-rotate.ts';
import { logList } from './commands/log-list.ts';
import { logShow } from './commands/log-show.ts';
import { mfaList } from './commands/mfa-list.ts';
import { mfaReset } from './commands/mfa-reset.ts';
import { policyCheck } from './commands/policy-check.ts';
import { secretNew } from './commands/secret-new.ts';
import { suggest } from './suggest.ts';

export const commands: readonly Command[] = [
  configApply,
  configShow,
  configDiff,
  mfaList,
  mfaReset,
  logList,
  logShow,
  keysList,
  keysRotate,
  keysRevoke,
  policyCheck,
  secretNew,
];

export type Chosen =
  | { readonly kind: 'command'; readonly command: Command }
  /** The first word alone; empty if there is none. */
  | { readonly kind: 'group'; readonly commands: readonly Command[] };

/** By the first two words. */
export function chooseCommand([first, second]: readonly string[]): Chosen {
  if (first === undefined) return { kind: 'group', commands };
  const inGroup = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (second === undefined && inGroup.length > 0) return { kind: 'group', commands: inGroup };
  const words = second === undefined ? first : `${first} ${second}`;
  const command = commands.find(({ name }) => name === words);
  if (command) return { kind: 'command', command };
  const names = commands.map(({ name }) => name);
  const meant = suggest(words, [...names, ...names.map((name) => name.split(' ')[0] ?? name)]);
  throw usageError(
    `unknown command '${words}'${meant === undefined ? '' : `: did you mean '${meant}'?`}`,
    inGroup.length > 0
      ? `use ${inGroup.map(({ name }) => name).join(', ')}`
      : 'see `vestibule --help`',
  );
}
