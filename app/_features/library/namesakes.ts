import { formatMoment } from '@/app/_features/ui';
import { t } from './messages';

interface Named {
  id: string;
  title: string;
  /** ISO 8601. */
  createdAt: string;
}

/**
 * Tells transcripts of one title apart: by when each was made, to the second; those of one second
 * (files that were added together) by their number in it too.
 * @returns by id, for those alone that share their title
 */
export function momentsOfNamesakes(
  records: readonly Named[],
  locale?: string,
): Map<string, string> {
  const moments = new Map<string, string>();
  for (const namesakes of groupsBy(records, ({ title }) => looks(title)))
    for (const together of groupsBy(namesakes, ({ createdAt }) => formatMoment(createdAt, locale)))
      for (const [at, { id, createdAt }] of together.entries()) {
        const moment = formatMoment(createdAt, locale);
        const number =
          together.length > 1 ? t('numberOf', { value: at + 1, together: together.length }) : '';
        if (namesakes.length > 1) moments.set(id, moment + number);
      }
  return moments;
}

/** Titles that differ in nothing a reader would notice are one. */
const looks = (title: string) => title.trim().replace(/\s+/g, ' ').toLowerCase();

/** Groups in a lasting order: a number once seen stays the same for a list in any order. */
function groupsBy(records: readonly Named[], key: (record: Named) => string): Named[][] {
  const groups = new Map<string, Named[]>();
  for (const record of [...records].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const group = groups.get(key(record));
    if (group) group.push(record);
    else groups.set(key(record), [record]);
  }
  return [...groups.values()];
}
