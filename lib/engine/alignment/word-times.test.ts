import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordTimes } from './word-times';

const FRAME = 480;
const word = (firstFrame: number, lastFrame: number) => ({ firstFrame, lastFrame, confidence: 1 });

describe('wordTimes', () => {
  it('lets a word begin before its first frame and end after its last', () => {
    expect(wordTimes([word(10, 12)], FRAME, 16_000)).toEqual([
      { startSample: 4800 - 544, endSample: 5760 + 704 },
    ]);
  });

  it('divides what lies between two words that are close', () => {
    const [first, second] = wordTimes([word(2, 4), word(5, 6)], FRAME, 16_000);
    expect(first?.endSample).toBe(second?.startSample);
    expect(first?.endSample).toBeGreaterThan(4 * FRAME);
    expect(first?.endSample).toBeLessThan(5 * FRAME);
  });

  it('gives a pause to neither of the words around it', () => {
    const [first, second] = wordTimes([word(2, 4), word(40, 41)], FRAME, 32_000);
    expect(first?.endSample).toBe(4 * FRAME + 704);
    expect(second?.startSample).toBe(40 * FRAME - 544);
  });

  it('keeps words in order, apart and inside the segment', () => {
    const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat({ max: 5 })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: FRAME }), (all, tail) => {
        let frame = all[0]?.[1] ?? 0;
        const words = all.map(([frames, pause]) => {
          const made = word(frame, frame + frames - 1);
          frame += frames + pause;
          return made;
        });
        // the last frame's centre lies inside the segment
        const samples = (words.at(-1)?.lastFrame ?? 0) * FRAME + tail;
        let before = 0;
        for (const { startSample, endSample } of wordTimes(words, FRAME, samples)) {
          expect(Number.isInteger(startSample) && Number.isInteger(endSample)).toBe(true);
          expect(startSample).toBeGreaterThanOrEqual(before);
          expect(endSample).toBeGreaterThan(startSample);
          expect(endSample).toBeLessThanOrEqual(samples);
          before = endSample;
        }
      }),
    );
  });
});
