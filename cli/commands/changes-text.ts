import type { ConfigurationApplied } from '../../shared/api/configuration.ts';
import { counted, list, type Paint } from '../text.ts';

/** What an apply or a dry run did or would do. */
export function changesText(applied: ConfigurationApplied, paint: Paint): string {
  const { changes, warnings, guests } = applied;
  const { created, updated, unchanged } = guests;
  const notes = warnings.filter(({ severity }) => severity === 'information');
  const told = warnings.filter((warning) => !notes.includes(warning));
  return [
    changes.length === 0
      ? '  no file differs'
      : list(changes.map(({ file, change }) => [change, file])),
    `guests: ${created} created, ${updated} updated, ${unchanged} unchanged`,
    ...(told.length === 0
      ? []
      : [paint('yellow', `${counted(told.length, 'warning')}:`), placesOf(told)]),
    ...(notes.length === 0 ? [] : [`${notes.length} for information:`, placesOf(notes)]),
  ].join('\n');
}

const placesOf = (warnings: ConfigurationApplied['warnings']): string =>
  list(warnings.map(({ file, pointer, message }) => [`${file}#${pointer}`, message]));
