import { needsSpace } from '@/lib/core';
import { alignTexts } from './align-texts';
import { type Row, wordsOfRow } from './rows';

/** Words that are in both texts, or what one has where the other has something else. */
export interface Difference {
  recognised: string[];
  now: string[];
  isSame: boolean;
  /** Index of the first of `now` among all words of the place. */
  nowFrom: number;
}

/** A place whose text is not as it was recognised. */
export interface ChangedPlace {
  startMs: number;
  endMs: number;
  /** The rows as they were recognised, and those that stand there now; none: they were deleted. */
  recognised: Row[];
  now: Row[];
  differences: Difference[];
}

/**
 * Where a text differs from what was recognised, word by word, in order. Rows that touch each other in time
 * are one place.
 * @param touched rows as they were recognised, in order
 * @param rows those that lie there now, in order, with their words
 */
export function compareRows(touched: readonly Row[], rows: readonly Row[]): ChangedPlace[] {
  const places: ChangedPlace[] = [];
  let at = 0;
  for (const recognised of touched) {
    const last = places.at(-1);
    if (last && recognised.startMs < last.endMs) {
      last.recognised.push(recognised);
      last.endMs = Math.max(last.endMs, recognised.endMs);
    } else {
      const { startMs, endMs } = recognised;
      places.push({ startMs, endMs, recognised: [recognised], now: [], differences: [] });
    }
    const place = places.at(-1);
    if (!place) continue;
    for (let row = rows[at]; row && row.startMs < place.endMs; row = rows[++at]) {
      if (row.endMs <= place.startMs) continue;
      place.now.push(row);
      place.endMs = Math.max(place.endMs, row.endMs);
    }
  }
  return places
    .map((place) => ({ ...place, differences: differencesOf(place) }))
    .filter(({ differences }) => differences.some(({ isSame }) => !isSame));
}

function differencesOf({ recognised, now }: ChangedPlace): Difference[] {
  const textsOf = (rows: readonly Row[]) =>
    rows.flatMap((row) => wordsOfRow(row).map(({ text }) => text));
  const [before, after] = [textsOf(recognised), textsOf(now)];
  return alignTexts(before, after).map(({ oldFrom, oldTo, newFrom, newTo, isSame }) => ({
    recognised: before.slice(oldFrom, oldTo),
    now: after.slice(newFrom, newTo),
    isSame,
    nowFrom: newFrom,
  }));
}

/** The texts of a place's rows with one difference taken back. */
export function textsWithout(place: ChangedPlace, difference: Difference): string[] {
  const to = difference.nowFrom + difference.now.length;
  let at = 0;
  let isPut = false;
  const texts = place.now.map((row, number) => {
    const words: string[] = [];
    const put = () => {
      if (!isPut) words.push(...difference.recognised);
      isPut = true;
    };
    for (const { text } of wordsOfRow(row)) {
      if (at === difference.nowFrom) put();
      if (at < difference.nowFrom || at >= to) words.push(text);
      at++;
    }
    if (at === difference.nowFrom && number === place.now.length - 1) put();
    return words;
  });
  return texts.map((words) =>
    words
      .map((word, i) => (i > 0 && needsSpace(words[i - 1] ?? '', word) ? ` ${word}` : word))
      .join(''),
  );
}
