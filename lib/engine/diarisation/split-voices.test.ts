import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitVoices } from './split-voices';

const LENGTHS = { least: 10, pause: 2, most: 20 };

/** @param runs [bits, frames], one behind the other */
const frames = (...runs: [bits: number, frames: number][]) =>
  Uint8Array.from(runs.flatMap(([bits, count]) => Array<number>(count).fill(bits)));

/** The parts as runs: [bits, frames]. */
function partsOf(activity: Uint8Array, voices = 1): [bits: number, frames: number][] {
  const runs: [number, number][] = [];
  for (const bits of splitVoices(activity, voices, LENGTHS).activity) {
    const run = runs.at(-1);
    if (run?.[0] === bits) run[1]++;
    else runs.push([bits, 1]);
  }
  return runs;
}

describe('the parts of voices', () => {
  it('begin behind pauses, once the part before is long enough', () => {
    expect(partsOf(frames([1, 9], [0, 3], [1, 9], [0, 3], [1, 5]))).toEqual([
      [1, 9],
      [0, 3],
      [1, 9],
      [0, 3],
      [2, 5],
    ]);
  });

  it('do not end at a breath', () => {
    expect(partsOf(frames([1, 12], [0, 1], [1, 6]))).toEqual([
      [1, 12],
      [0, 1],
      [1, 6],
    ]);
  });

  it('end at a length where there is no pause, with a rest that is long enough', () => {
    expect(partsOf(frames([1, 35]))).toEqual([
      [1, 20],
      [2, 15],
    ]);
    expect(partsOf(frames([1, 29]))).toEqual([[1, 29]]);
  });

  it('are those of every voice, also where two speak at once', () => {
    // the second voice comes in, and stays: what both say does not count for the length
    const activity = frames([1, 12], [3, 6], [2, 12], [0, 5], [1, 12]);
    expect(splitVoices(activity, 2, LENGTHS).parts).toBe(3);
    expect(partsOf(activity, 2)).toEqual([
      [1, 12],
      [5, 6],
      [4, 12],
      [0, 5],
      [2, 12],
    ]);
  });

  it('are all that the voices say, each in one voice', () => {
    const window = fc.array(fc.tuple(fc.nat(7), fc.integer({ min: 1, max: 60 })), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(window, (runs) => {
        const activity = frames(...runs);
        const { activity: split, parts } = splitVoices(activity, 3, LENGTHS);
        expect(parts).toBeLessThanOrEqual(31);
        const owners = new Map<number, number>();
        for (const [frame, bits] of split.entries()) {
          const own = [...Array(parts).keys()].filter((part) => (bits & (1 << part)) !== 0);
          const voices = [0, 1, 2].filter((voice) => ((activity[frame] ?? 0) & (1 << voice)) !== 0);
          expect(own.length).toBe(voices.length);
          for (const [at, part] of own.entries()) {
            const voice = voices[at] ?? 0;
            expect(owners.get(part) ?? voice).toBe(voice);
            owners.set(part, voice);
          }
        }
      }),
    );
  });
});
