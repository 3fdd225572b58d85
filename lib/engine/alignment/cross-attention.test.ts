import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenOnsets } from './cross-attention';

const FRAMES = 120;

/** A head that attends to one frame for each row, with peaks so wide (frames). */
function looking(places: readonly number[], width = 3): Float32Array {
  const weights = new Float32Array(places.length * FRAMES);
  for (const [row, place] of places.entries())
    for (let frame = 0; frame < FRAMES; frame++)
      weights[row * FRAMES + frame] = Math.exp(-(((frame - place) / width) ** 2)) / width;
  return weights;
}

const shape = (tokens: number) => ({
  tokens,
  frames: FRAMES,
  usedFrames: FRAMES,
  skippedTokens: 0,
});

describe('tokenOnsets', () => {
  const onsets = [3, 20, 26, 60, 61, 100];

  it('finds the frame that a head attends to, and not where it begins to', () => {
    for (const width of [2, 5]) {
      const heads = [{ weights: looking(onsets, width), lagFrames: 0 }];
      expect([...tokenOnsets(heads, shape(6))]).toEqual(onsets);
    }
  });

  it('subtracts each head’s lag', () => {
    const late = looking(onsets.map((frame) => frame + 4));
    const early = looking(onsets.map((frame) => frame - 2));
    const heads = [
      { weights: late, lagFrames: 4 },
      { weights: early, lagFrames: -2 },
    ];
    expect([...tokenOnsets(heads, shape(6))]).toEqual(onsets);
  });

  it('does not give the pause before a word to that word', () => {
    const places = [10, 90];
    const heads = [{ weights: looking(places), lagFrames: 0 }];
    expect(tokenOnsets(heads, shape(2))[1]).toBe(90);
  });

  it('keeps the position of a token if the head attends elsewhere', () => {
    const weights = looking([3, 20, 110, 60, 80, 100]);
    // the third was attended to at its own frame as well, a little less
    const own = looking([3, 20, 40, 60, 80, 100]);
    for (let at = 2 * FRAMES; at < 3 * FRAMES; at++)
      weights[at] = (weights[at] ?? 0) + 0.8 * (own[at] ?? 0);
    const heads = [{ weights, lagFrames: 0 }];
    expect([...tokenOnsets(heads, shape(6))]).toEqual([3, 20, 40, 60, 80, 100]);
  });

  it('looks neither at the rows of the prompt nor past the recording', () => {
    const weights = looking([50, 10, 20, 110]);
    const options = { ...shape(4), skippedTokens: 1, usedFrames: 100 };
    const found = tokenOnsets([{ weights, lagFrames: 0 }], options);
    expect([...found.slice(0, 2)]).toEqual([10, 20]);
    expect(found).toHaveLength(3);
    expect(found[2]).toBeLessThan(100);
  });

  it('keeps tokens in order and in range, also where attention shows nothing', () => {
    const shapes = fc.record({
      heads: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 3 }),
      tokens: fc.integer({ min: 1, max: 12 }),
      frames: fc.integer({ min: 1, max: 40 }),
      seed: fc.nat(),
      isFlat: fc.boolean(),
    });
    fc.assert(
      fc.property(shapes, ({ heads, tokens, frames, seed, isFlat }) => {
        let state = seed >>> 0;
        const random = () => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          return isFlat ? 0.5 : state / 2 ** 32;
        };
        const attention = heads.map((lagFrames) => ({
          weights: Float32Array.from({ length: tokens * frames }, random),
          lagFrames,
        }));
        const options = { tokens, frames, usedFrames: frames, skippedTokens: 0 };
        let before = 0;
        for (const frame of tokenOnsets(attention, options)) {
          expect(frame).toBeGreaterThanOrEqual(before);
          expect(frame).toBeLessThan(frames);
          before = frame;
        }
      }),
    );
  });

  it('gives no times when all tokens are those of the prompt', () => {
    const heads = [{ weights: new Float32Array(4 * FRAMES), lagFrames: 0 }];
    expect(tokenOnsets(heads, { ...shape(4), skippedTokens: 4 })).toHaveLength(0);
  });
});
