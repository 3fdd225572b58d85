import { assert } from '@/lib/core';

/** Taken for the weight of a frame that a head does not look at, so that its logarithm is finite. */
const WEIGHT_FLOOR = 1e-3;

/** Weights of neighbouring frames, the middle one first: peaks are wider than the frame they lie in. */
const SMOOTHING = [3 / 9, 2 / 9, 1 / 9];

/** The attention of one head of the decoder. */
export interface HeadAttention {
  /** `[tokens, frames]`, row after row: after the softmax. */
  weights: Float32Array;
  /** How far after the beginning of a token's sound the head looks; may be negative. */
  lagFrames: number;
}

export interface TokenOnsetOptions {
  tokens: number;
  frames: number;
  /** Frames that hold the recording; those after it are not looked at. */
  usedFrames: number;
  /** Rows at the front that get no time: those of the prompt. */
  skippedTokens: number;
}

/**
 * The encoder's frame that each token of a text begins in, by where the decoder looked for it: the
 * places, in order, that the heads together looked at most, each head's lag taken off.
 *
 * Whisper's `timing.py` (and with it transformers' `_extract_token_timestamps`) gives every frame to a
 * token by dynamic time warping and calls the first one the token's beginning. But heads look at a
 * certain place of a token's sound, most of those that are published at its onset and shortly after
 * it. Warping turns to the next token as soon as its peak begins to rise, half a peak's width before
 * the place that is looked at, and hands the pause before a word to that word: times come early.
 *
 * The row of a token is what the decoder looked at while it read that token and chose the next one:
 * row t says where token t + 1 lies. With `skippedTokens` = prompt length - 1 the frames that come
 * out are those of the tokens after the prompt, in order, and one more: of the end.
 * @returns one for each row after the skipped ones, never falling, in [0, usedFrames)
 */
export function tokenOnsets(
  heads: readonly HeadAttention[],
  { tokens, frames, usedFrames, skippedTokens }: TokenOnsetOptions,
): Int32Array {
  const used = Math.min(usedFrames, frames);
  const rows = tokens - skippedTokens;
  if (rows <= 0) return new Int32Array(0);
  assert(heads.length > 0 && used > 0, 'there is attention to look at');
  const scores = new Float32Array(rows * used);
  for (const { weights, lagFrames } of heads) {
    assert(weights.length === tokens * frames, 'a head has a weight for each token and frame');
    for (let row = 0; row < rows; row++) {
      const from = (row + skippedTokens) * frames;
      addRow(
        weights.subarray(from, from + used),
        lagFrames,
        scores.subarray(row * used, (row + 1) * used),
      );
    }
  }
  return bestPlaces(scores, rows, used);
}

/** Adds the logarithms of a row's weights, smoothed, each at the place that it speaks for. */
function addRow(weights: Float32Array, lagFrames: number, into: Float32Array): void {
  for (let frame = 0; frame < into.length; frame++) {
    const looked = frame + lagFrames;
    let weight = 0;
    for (const [distance, share] of SMOOTHING.entries()) {
      const sides = (weights[looked - distance] ?? 0) + (weights[looked + distance] ?? 0);
      weight += distance === 0 ? share * (weights[looked] ?? 0) : share * sides;
    }
    into[frame] = (into[frame] ?? 0) + Math.log(weight + WEIGHT_FLOOR);
  }
}

/** One frame for each row, never before that of the row above, so that their scores are highest. */
function bestPlaces(scores: Float32Array, rows: number, frames: number): Int32Array {
  /** Where the row above is best, given that this row is at a frame. */
  const above = new Int32Array(rows * frames);
  let sums = new Float64Array(frames);
  for (let row = 0; row < rows; row++) {
    const next = new Float64Array(frames);
    let best = 0;
    for (let frame = 0; frame < frames; frame++) {
      if ((sums[frame] ?? 0) > (sums[best] ?? 0)) best = frame;
      above[row * frames + frame] = best;
      next[frame] = (scores[row * frames + frame] ?? 0) + (sums[best] ?? 0);
    }
    sums = next;
  }
  const places = new Int32Array(rows);
  let place = sums.reduce((best, sum, frame) => (sum > (sums[best] ?? sum) ? frame : best), 0);
  for (let row = rows - 1; row >= 0; row--) {
    places[row] = place;
    place = above[row * frames + place] ?? 0;
  }
  return places;
}
