import { assert } from '@/lib/core';

/** Added to each frame's weight, so that the logarithm of no attention is finite. */
const WEIGHT_FLOOR = 1e-3;

/** Weights of a frame and of its neighbours on either side: an attention peak is wider than one frame. */
const SMOOTHING = [3 / 9, 2 / 9, 1 / 9];

/** The attention of one head of the decoder. */
export interface HeadAttention {
  /** `[tokens, frames]`, row after row: after the softmax. */
  weights: Float32Array;
  /** How far after a token's onset the head attends; may be negative. */
  lagFrames: number;
}

export interface TokenOnsetOptions {
  tokens: number;
  frames: number;
  /** Frames that hold the recording; later ones are ignored. */
  usedFrames: number;
  /** Rows at the front that get no time: those of the prompt. */
  skippedTokens: number;
}

/**
 * The encoder frame in which each token of a text begins, from the decoder's attention: the non-decreasing
 * sequence of frames that all heads together attend to most, each head's lag subtracted.
 *
 * Whisper's `timing.py` (and with it transformers' `_extract_token_timestamps`) assigns every frame to a
 * token by dynamic time warping and takes the first one as the token's onset. But a head attends to a certain
 * point of a token's sound; for most published heads that is the onset or shortly after it. Warping moves on
 * to the next token as soon as its peak begins to rise, half a peak's width before that point, and gives the
 * pause before a word to that word: times come out early.
 *
 * Row t holds the attention with which the decoder read token t and chose the next one, so it locates token t
 * + 1. With `skippedTokens` = prompt length - 1, the result holds the frames of the tokens after the prompt,
 * in order, and one more for the end.
 * @returns one frame for each row after the skipped ones, never decreasing, in [0, usedFrames)
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

/** Adds the logarithms of a row's smoothed weights, each to the frame it is evidence for. */
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

/** One frame for each row, never before that of the row above, so that their summed score is highest. */
function bestPlaces(scores: Float32Array, rows: number, frames: number): Int32Array {
  /** The best frame of the row above, by the frame of this row. */
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
