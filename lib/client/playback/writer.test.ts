import { describe, expect, it } from 'vitest';
import { type Cover, createCover, widened } from './writer';

const RATE = 16_000;
const SPANS = [
  { startMs: 300, endMs: 500 },
  { startMs: 580, endMs: 700 },
  { startMs: 900, endMs: 1100 },
];
/** With the margins: the first two touch. */
const COVERED = [
  [250, 750],
  [850, 1150],
] as const;

const isCovered = (sample: number) =>
  COVERED.some(([from, to]) => sample >= from * 16 && sample < to * 16);

/** A second and a half of speech-like noise, covered in blocks of this many samples. */
function cover(filling: Cover['with'], blockSamples: number) {
  let seed = 1;
  const original = Float32Array.from({ length: 1.5 * RATE }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647 - 0.5;
  });
  const copy = original.slice();
  const hide = createCover({ spans: SPANS, with: filling });
  for (let at = 0; at < copy.length; at += blockSamples)
    hide(copy.subarray(at, at + blockSamples), at);
  return { original, copy };
}

describe('a covered recording', () => {
  it('joins spans that touch, in any order', () => {
    const expected = COVERED.map(([startMs, endMs]) => ({ startMs, endMs }));
    expect(widened([...SPANS].reverse())).toEqual(expected);
    expect(widened([{ startMs: 20, endMs: 30 }])).toEqual([{ startMs: 0, endMs: 80 }]);
  });

  it.each([
    ['silence', 1000],
    ['silence', RATE * 2],
    ['tone', 777],
    ['tone', RATE * 2],
  ] as const)(
    'has nothing of the original in the spans, and all of it beside them: %s, blocks of %d',
    (filling, block) => {
      const { original, copy } = cover(filling, block);
      let together = 0;
      let ofCopy = 0;
      let ofOriginal = 0;
      original.forEach((sample, at) => {
        const now = copy[at] ?? 0;
        if (!isCovered(at)) {
          expect(now).toBe(sample);
          return;
        }
        together += sample * now;
        ofCopy += now * now;
        ofOriginal += sample * sample;
      });
      if (filling === 'silence') expect(ofCopy).toBe(0);
      else {
        expect(Math.abs(together) / Math.sqrt(ofCopy * ofOriginal)).toBeLessThan(0.03);
        // quiet, and there
        expect(ofCopy / ofOriginal).toBeLessThan(0.1);
        expect(ofCopy).toBeGreaterThan(1);
      }
    },
  );

  it('sounds the same however the recording is divided into blocks', () => {
    expect(cover('tone', 333).copy).toEqual(cover('tone', RATE * 2).copy);
  });
});
