import { diffArrays } from 'diff';

/** Words [oldFrom, oldTo) of one text where another has [newFrom, newTo). */
export interface TextRun {
  oldFrom: number;
  oldTo: number;
  newFrom: number;
  newTo: number;
  /** The words are the same, one by one. */
  isSame: boolean;
}

/** A comparison that takes longer, in ms, is given up: the texts have nothing in common. */
const TIMEOUT_MS = 2_000;

/** A word as it sounds: letters of any case, without the punctuation around it. */
export function foldedWord(word: string): string {
  const bare = word.toLowerCase().replace(/^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu, '');
  return bare === '' ? word : bare;
}

/**
 * How the words of two texts correspond, as runs in order that cover both: by turns the same words and
 * different ones (Myers' shortest edit script, by the library `diff`).
 * @param fold what is compared of a word
 */
export function alignTexts(
  before: readonly string[],
  after: readonly string[],
  fold: (word: string) => string = (word) => word,
): TextRun[] {
  const changes = diffArrays(before.map(fold), after.map(fold), { timeout: TIMEOUT_MS });
  const runs: TextRun[] = [];
  let oldAt = 0;
  let newAt = 0;
  const add = (oldCount: number, newCount: number, isSame: boolean) => {
    const last = runs.at(-1);
    oldAt += oldCount;
    newAt += newCount;
    if (last?.isSame === isSame) {
      last.oldTo = oldAt;
      last.newTo = newAt;
    } else
      runs.push({
        oldFrom: oldAt - oldCount,
        oldTo: oldAt,
        newFrom: newAt - newCount,
        newTo: newAt,
        isSame,
      });
  };
  if (!changes) add(before.length, after.length, false);
  for (const { count, added, removed } of changes ?? [])
    add(added ? 0 : count, removed ? 0 : count, !added && !removed);
  return runs;
}
