import { assertionFaults } from './assertions.ts';
import type { Fault, Infra } from './model.ts';
import { moduleFaults } from './modules.ts';
import { readInfra } from './parse.ts';
import { referenceFaults } from './references.ts';
import { schemaFaults } from './schema.ts';

/** Everything that is checked. Where the syntax is wrong nothing else is said: it would mislead. */
export async function checkInfra(
  folder: string,
): Promise<{ readonly infra: Infra; readonly faults: readonly Fault[] }> {
  const infra = await readInfra(folder);
  const syntax = infra.files.flatMap(({ syntaxFaults }) => syntaxFaults);
  const faults =
    syntax.length > 0
      ? syntax
      : [schemaFaults, referenceFaults, moduleFaults, assertionFaults].flatMap((part) =>
          part(infra),
        );
  return { infra, faults };
}
