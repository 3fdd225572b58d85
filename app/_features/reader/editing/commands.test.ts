import { describe, expect, it } from 'vitest';
import { borderByWord, borderNear } from './commands';

const word = (startMs: number, endMs: number) => ({ text: 'w', startMs, endMs, confidence: 1 });
const before = [word(0, 400), word(400, 900)];
const after = [word(1_000, 1_400), word(1_500, 2_100), word(2_100, 2_500)];
const all = [...before, ...after];

describe('a border that is dropped', () => {
  it('snaps to the start of a word, by the side of its middle', () => {
    expect(borderNear(all, 1_000)).toBe(1_000);
    expect(borderNear(all, 1_199)).toBe(1_000);
    expect(borderNear(all, 1_201)).toBe(1_500);
    expect(borderNear(all, 700)).toBe(1_000);
    expect(borderNear(all, 640)).toBe(400);
  });

  it('leaves a word on either side', () => {
    expect(borderNear(all, -5_000)).toBe(400);
    expect(borderNear(all, 9_000)).toBe(2_100);
    expect(borderNear([word(0, 400)], 100)).toBeNull();
  });
});

describe('a border that is moved by keys', () => {
  it('goes by one word, while there is another', () => {
    expect(borderByWord(before, after, -1)).toBe(400);
    expect(borderByWord(before, after, 1)).toBe(1_500);
    expect(borderByWord(before.slice(1), after, -1)).toBeNull();
    expect(borderByWord(before, after.slice(0, 1), 1)).toBeNull();
  });
});
