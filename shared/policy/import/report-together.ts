import { idPointer } from './read-collection.ts';
import { repeatedIds } from './repeated-ids.ts';
import { error, type ItemReport, type ParseReport, withErrors } from './report.ts';

/** What files of one kind say of each other: an id that two of them have. */
export function reportTogether<File extends { readonly report: ParseReport }>(
  files: readonly File[],
): readonly File[] {
  const idsOf = ({ items }: ParseReport) => new Set(items.map(({ id }) => id.toLowerCase()));
  const repeated = repeatedIds(files.flatMap(({ report }) => [...idsOf(report)]));
  const told = (item: ItemReport): ItemReport =>
    repeated.has(item.id.toLowerCase())
      ? withErrors(item, [error(idPointer(item), 'the id stands in another file too')])
      : item;
  return files.map((file) => ({
    ...file,
    report: { ...file.report, items: file.report.items.map(told) },
  }));
}
