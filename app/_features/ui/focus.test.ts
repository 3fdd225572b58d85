import { describe, expect, it } from 'vitest';
import { isMoveKey, mirrored, moveWord } from './focus';

/** Rows of three, none, one and two words. */
const counts = [3, 0, 1, 2];

describe('mirrored', () => {
  it('turns left and right about, and leaves the rest', () => {
    expect(mirrored('ArrowLeft')).toBe('ArrowRight');
    expect(mirrored('ArrowRight')).toBe('ArrowLeft');
    for (const key of ['ArrowUp', 'ArrowDown', 'Home', 'End'] as const)
      expect(mirrored(key)).toBe(key);
  });
});

describe('moveWord', () => {
  it.each([
    ['goes on within a row', { row: 0, word: 0 }, 'ArrowRight', { row: 0, word: 1 }],
    ['passes over rows without words', { row: 0, word: 2 }, 'ArrowRight', { row: 2, word: 0 }],
    [
      'goes back to the end of the row before',
      { row: 2, word: 0 },
      'ArrowLeft',
      { row: 0, word: 2 },
    ],
    ['stays at the first word', { row: 0, word: 0 }, 'ArrowLeft', { row: 0, word: 0 }],
    ['stays at the last word', { row: 3, word: 1 }, 'ArrowRight', { row: 3, word: 1 }],
    ['keeps the place where it can', { row: 0, word: 2 }, 'ArrowDown', { row: 2, word: 0 }],
    ['goes up', { row: 3, word: 1 }, 'ArrowUp', { row: 2, word: 0 }],
    ['stays in the first row', { row: 0, word: 1 }, 'ArrowUp', { row: 0, word: 1 }],
    ['goes to the start of the row', { row: 0, word: 2 }, 'Home', { row: 0, word: 0 }],
    ['goes to the end of the row', { row: 0, word: 0 }, 'End', { row: 0, word: 2 }],
  ] as const)('%s', (_title, from, key, to) => {
    expect(moveWord(from, key, counts)).toEqual(to);
  });

  it('comes to every word going right, and back to the first going left', () => {
    const places = [{ row: 0, word: 0 }];
    for (let at = 0; at < 5; at += 1)
      places.push(moveWord(places[at] ?? { row: 0, word: 0 }, 'ArrowRight', counts));
    expect(places.map(({ row, word }) => `${row}.${word}`)).toEqual([
      '0.0',
      '0.1',
      '0.2',
      '2.0',
      '3.0',
      '3.1',
    ]);
    let back = places[5] ?? { row: 0, word: 0 };
    for (let at = 0; at < 5; at += 1) back = moveWord(back, 'ArrowLeft', counts);
    expect(back).toEqual({ row: 0, word: 0 });
  });

  it('knows its keys', () => {
    expect(isMoveKey('ArrowUp')).toBe(true);
    expect(isMoveKey('Enter')).toBe(false);
  });
});
