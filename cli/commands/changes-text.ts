import type { ConfigurationApplied } from '../../shared/api/configuration.ts';
import { counted, list, type Paint } from '../text.ts';

/** What an apply or a dry run did or would do. */
export function changesText(applied: ConfigurationApplied, paint: Paint): string {
  const { changes, warnings, guests } = applied;
  const { created, updated, unchanged } = guests;
  return [
    changes.length === 0
      ? '  no file differs'
      : list(changes.map(({ file, change }) => [change, file])),
    `guests: ${created} created, ${updated} updated, ${unchanged} unchanged`,
    ...(warnings.length === 0
      ? []
      : [
          paint('yellow', `${counted(warnings.length, 'warning')}:`),
          list(warnings.map(({ file, pointer, message }) => [`${file}#${pointer}`, message])),
        ]),
  ].join('\n');
}
