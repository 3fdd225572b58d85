import { Tensor, WhisperForConditionalGeneration } from '@huggingface/transformers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenTimes } from './cross-attention';

/** Deterministic noise in [0, 1). */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomHeads(heads: number, tokens: number, frames: number, seed: number): Float32Array[] {
  const random = noise(seed);
  return Array.from({ length: heads }, () =>
    Float32Array.from({ length: tokens * frames }, () => random()),
  );
}

/** What transformers.js makes of the same attention: the first frame of each row not skipped. */
function reference(
  heads: readonly Float32Array[],
  tokens: number,
  frames: number,
  usedFrames: number,
  skippedTokens: number,
): number[] {
  const data = new Float32Array(heads.length * tokens * frames);
  for (const [index, head] of heads.entries()) data.set(head, index * head.length);
  const layer = new Tensor('float32', data, [1, heads.length, tokens, frames]);
  const sequences = new Tensor('int64', new BigInt64Array(tokens + 1), [1, tokens + 1]);
  const model = {
    config: { decoder_layers: 1, median_filter_width: 7 },
  } as unknown as WhisperForConditionalGeneration;
  const times = WhisperForConditionalGeneration.prototype._extract_token_timestamps.call(
    model,
    // a list of generation steps, each a list of layers
    { cross_attentions: [[layer]], sequences } as unknown as Parameters<
      WhisperForConditionalGeneration['_extract_token_timestamps']
    >[0],
    heads.map((_, head) => [0, head]),
    usedFrames,
    1,
    skippedTokens,
  );
  return Array.from(times.data as Float32Array).slice(skippedTokens, -1);
}

describe('tokenTimes', () => {
  it('gives the numbers of transformers.js for random attention', () => {
    for (const [heads, tokens, frames, used, skipped] of [
      [1, 5, 40, 40, 0],
      [3, 20, 100, 100, 0],
      [6, 30, 300, 211, 3],
      [2, 12, 50, 13, 4],
      [2, 1, 30, 30, 0],
      [4, 60, 20, 20, 1], // more tokens than frames
    ] as const) {
      const weights = randomHeads(heads, tokens, frames, tokens * frames);
      const own = tokenTimes(weights, tokens, frames, {
        usedFrames: used,
        skippedTokens: skipped,
      });
      expect(own.map(({ startFrame }) => startFrame)).toEqual(
        reference(weights, tokens, frames, used, skipped),
      );
    }
  });

  it('gives the numbers of transformers.js for speech that goes on evenly', () => {
    const [tokens, frames] = [24, 480];
    const random = noise(9);
    const weights = Array.from({ length: 4 }, () =>
      Float32Array.from({ length: tokens * frames }, (_, at) => {
        const centre = (Math.floor(at / frames) + 0.5) * (frames / tokens);
        return Math.exp(-(((at % frames) - centre) ** 2) / 50) + 0.05 * random();
      }),
    );
    const own = tokenTimes(weights, tokens, frames);
    const starts = own.map(({ startFrame }) => startFrame);
    expect(starts).toEqual(reference(weights, tokens, frames, frames, 0));
    for (const [token, start] of starts.entries())
      expect(Math.abs(start - (token * frames) / tokens)).toBeLessThan(8);
  });

  it('finds each token where alone it is looked for', () => {
    const borders = [0, 30, 38, 70, 71, 100];
    const tokens = borders.length - 1;
    const weights = new Float32Array(tokens * 100);
    for (let token = 0; token < tokens; token++)
      weights.fill(1, token * 100 + (borders[token] ?? 0), token * 100 + (borders[token + 1] ?? 0));
    const found = tokenTimes([weights], tokens, 100);
    // one frame alone is smoothed away: its place is that of its neighbours' border
    for (const token of [0, 1, 2]) expect(found[token]?.startFrame).toBe(borders[token]);
    expect(found[3]?.startFrame).toBeGreaterThanOrEqual(69);
    expect(found[4]).toMatchObject({ endFrame: 100 });
  });

  it('keeps tokens in order and side by side, also where attention tells nothing', () => {
    const shapes = fc.record({
      heads: fc.integer({ min: 1, max: 3 }),
      tokens: fc.integer({ min: 1, max: 12 }),
      frames: fc.integer({ min: 1, max: 40 }),
      seed: fc.nat(),
      isFlat: fc.boolean(),
    });
    fc.assert(
      fc.property(shapes, ({ heads, tokens, frames, seed, isFlat }) => {
        const weights = randomHeads(heads, tokens, frames, seed);
        if (isFlat) for (const head of weights) head.fill(0.5);
        const found = tokenTimes(weights, tokens, frames);
        expect(found).toHaveLength(tokens);
        let end = 0;
        for (const { startFrame, endFrame } of found) {
          expect(startFrame).toBe(end);
          expect(endFrame).toBeGreaterThanOrEqual(startFrame);
          end = endFrame;
        }
        expect(end).toBe(frames);
      }),
    );
  });

  it('gives no times when all tokens are those of the prompt', () => {
    expect(tokenTimes([new Float32Array(40)], 4, 10, { skippedTokens: 4 })).toEqual([]);
  });
});
