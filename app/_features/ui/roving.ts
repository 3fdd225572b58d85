/** A word by its row and its place in the row. */
export interface WordPlace {
  row: number;
  word: number;
}

/** Keys that move the focus from word to word. */
export type MoveKey = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End';

const MOVE_KEYS: readonly string[] = [
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
] satisfies MoveKey[];

/** Whether a key moves between words. */
export function isMoveKey(key: string): key is MoveKey {
  return MOVE_KEYS.includes(key);
}

/** What a key means where text runs from right to left: the next word is to the left. */
export function mirrored(key: MoveKey): MoveKey {
  if (key === 'ArrowLeft') return 'ArrowRight';
  return key === 'ArrowRight' ? 'ArrowLeft' : key;
}

/**
 * Where a key leads. Left and right go on over the ends of rows, up and down keep the place in
 * the row where they can, Home and End go to the ends of the row. At the ends it stays.
 * @param counts the number of words in each row; rows without words are passed over
 */
export function moveWord(from: WordPlace, key: MoveKey, counts: readonly number[]): WordPlace {
  const last = (row: number) => Math.max(0, (counts[row] ?? 0) - 1);
  const rowBeside = (step: -1 | 1): number | null => {
    for (let row = from.row + step; row >= 0 && row < counts.length; row += step)
      if ((counts[row] ?? 0) > 0) return row;
    return null;
  };
  switch (key) {
    case 'Home':
      return { row: from.row, word: 0 };
    case 'End':
      return { row: from.row, word: last(from.row) };
    case 'ArrowUp':
    case 'ArrowDown': {
      const row = rowBeside(key === 'ArrowUp' ? -1 : 1);
      return row === null ? from : { row, word: Math.min(from.word, last(row)) };
    }
    case 'ArrowLeft': {
      if (from.word > 0) return { row: from.row, word: from.word - 1 };
      const row = rowBeside(-1);
      return row === null ? from : { row, word: last(row) };
    }
    case 'ArrowRight': {
      if (from.word < last(from.row)) return { row: from.row, word: from.word + 1 };
      const row = rowBeside(1);
      return row === null ? from : { row, word: 0 };
    }
  }
}
