import { assert } from '../../core/assert';

/** Frames that the median filter looks at. */
const FILTER_WIDTH = 7;
const HALF_FILTER = (FILTER_WIDTH - 1) / 2;

/** How a cell of the warping path is reached. */
const DIAGONAL = 0;
const NEXT_TOKEN = 1;
const NEXT_FRAME = 2;

/** [startFrame, endFrame) of the encoder's frames; empty for tokens said in one frame together. */
export interface TokenFrames {
  startFrame: number;
  endFrame: number;
}

export interface TokenTimesOptions {
  /** Frames that hold the recording; those behind it are not looked at. All when not given. */
  usedFrames?: number;
  /** Rows at the front that get no time: those of the prompt. They count for the statistics. */
  skippedTokens?: number;
}

/**
 * When the tokens of a text were said, by where the decoder looked for them: the attention of each
 * head, standardised over the tokens and smoothed over the frames, averaged over the heads, and the
 * cheapest monotonic path through it (dynamic time warping), as in `timing.py` of openai/whisper and
 * `_extract_token_timestamps` of Hugging Face's transformers; the numbers are those of transformers.js,
 * to the last bit.
 *
 * The row of a token is what the decoder looked at while it read that token and chose the next one:
 * row t says where token t + 1 lies. With `skippedTokens` = prompt length - 1 the times that come
 * out are those of the tokens behind the prompt, in order.
 * @param weights of each head, [tokens, frames] row after row: attention after the softmax
 * @returns one for each row behind the skipped ones, ordered and side by side, the last up to the end
 */
export function tokenTimes(
  weights: readonly Float32Array[],
  tokens: number,
  frames: number,
  options: TokenTimesOptions = {},
): TokenFrames[] {
  const { usedFrames = frames, skippedTokens = 0 } = options;
  const used = Math.min(usedFrames, frames);
  const rows = tokens - skippedTokens;
  if (rows <= 0) return [];
  assert(weights.length > 0 && used > 0, 'there is attention to look at');
  const sums = new Float32Array(rows * used);
  for (const head of weights) {
    assert(head.length === tokens * frames, 'a head has a weight for each token and frame');
    addHead(head, { tokens, frames, used, skipped: skippedTokens }, sums);
  }
  for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] ?? 0) / weights.length;
  const starts = firstFrames(sums, rows, used);
  return Array.from(starts, (startFrame, row) => ({
    startFrame,
    endFrame: starts[row + 1] ?? used,
  }));
}

interface Shape {
  tokens: number;
  frames: number;
  used: number;
  skipped: number;
}

/** Adds one head's weights, standardised over all tokens and smoothed over the frames. */
function addHead(
  head: Float32Array,
  { tokens, frames, used, skipped }: Shape,
  into: Float32Array,
): void {
  const mean = new Float32Array(used);
  const deviation = new Float32Array(used);
  for (let token = 0; token < tokens; token++)
    for (let frame = 0; frame < used; frame++)
      mean[frame] = (mean[frame] ?? 0) + (head[token * frames + frame] ?? 0);
  // the reference does not divide by one, which is the same
  for (let frame = 0; frame < used; frame++) mean[frame] = (mean[frame] ?? 0) / tokens;
  for (let token = 0; token < tokens; token++)
    for (let frame = 0; frame < used; frame++) {
      const distance = (head[token * frames + frame] ?? 0) - (mean[frame] ?? 0);
      deviation[frame] = (deviation[frame] ?? 0) + distance ** 2;
    }
  for (let frame = 0; frame < used; frame++)
    deviation[frame] = Math.sqrt((deviation[frame] ?? 0) / tokens);
  const row = new Float32Array(used + 2 * HALF_FILTER);
  for (let token = skipped; token < tokens; token++) {
    for (let frame = 0; frame < used; frame++) {
      const spread = deviation[frame] ?? 0;
      const distance = (head[token * frames + frame] ?? 0) - (mean[frame] ?? 0);
      // where all tokens look alike nothing is told; the reference gets no number there
      row[HALF_FILTER + frame] = spread > 0 ? distance / spread : 0;
    }
    const sums = into.subarray((token - skipped) * used, (token - skipped + 1) * used);
    // too short to be mirrored: taken as it is
    if (used <= HALF_FILTER)
      for (let at = 0; at < used; at++) sums[at] = (sums[at] ?? 0) + (row[HALF_FILTER + at] ?? 0);
    else addMedians(row, sums);
  }
}

/**
 * Adds the median of the seven values around each place. The middle two of the six values that two
 * neighbouring places share bound the medians of both.
 * @param row the values, with room for three at both ends, where they are mirrored
 */
function addMedians(row: Float32Array, sums: Float32Array): void {
  const last = HALF_FILTER + sums.length - 1;
  for (let at = 1; at <= HALF_FILTER; at++) {
    row[HALF_FILTER - at] = row[HALF_FILTER + at] ?? 0;
    row[last + at] = row[last - at] ?? 0;
  }
  const { min, max } = Math;
  for (let at = 0; at < sums.length; at += 2) {
    const [p, q, r] = [row[at + 1] ?? 0, row[at + 2] ?? 0, row[at + 3] ?? 0];
    const [u, v, w] = [row[at + 4] ?? 0, row[at + 5] ?? 0, row[at + 6] ?? 0];
    // both threes in order
    const a = min(p, q, r);
    const c = max(p, q, r);
    const b = max(min(p, q), min(max(p, q), r));
    const d = min(u, v, w);
    const f = max(u, v, w);
    const e = max(min(u, v), min(max(u, v), w));
    const third = min(c, max(b, d), max(a, e), f);
    const fourth = min(max(c, d), max(b, e), max(a, f));
    sums[at] = (sums[at] ?? 0) + max(third, min(fourth, row[at] ?? 0));
    if (at + 1 < sums.length)
      sums[at + 1] = (sums[at + 1] ?? 0) + max(third, min(fourth, row[at + 7] ?? 0));
  }
}

/**
 * The first frame of each row on the path from the first cell to the last with the largest sum: every
 * step goes one row on, one frame on, or both.
 */
function firstFrames(weights: Float32Array, rows: number, frames: number): Int32Array {
  const steps = new Uint8Array(rows * frames);
  // costs of the row before and of this one; place 0 lies before the first frame
  let before = new Float64Array(frames + 1).fill(Number.POSITIVE_INFINITY);
  let costs = new Float64Array(frames + 1);
  before[0] = 0;
  for (let row = 0; row < rows; row++) {
    costs[0] = Number.POSITIVE_INFINITY;
    for (let frame = 0; frame < frames; frame++) {
      const diagonal = before[frame] ?? 0;
      const nextToken = before[frame + 1] ?? 0;
      const nextFrame = costs[frame] ?? 0;
      let cost = nextFrame;
      let step = NEXT_FRAME;
      if (diagonal < nextToken && diagonal < nextFrame) {
        cost = diagonal;
        step = DIAGONAL;
      } else if (nextToken < diagonal && nextToken < nextFrame) {
        cost = nextToken;
        step = NEXT_TOKEN;
      }
      const at = row * frames + frame;
      costs[frame + 1] = cost - (weights[at] ?? 0);
      steps[at] = step;
    }
    [before, costs] = [costs, before];
  }
  return traceBack(steps, rows, frames);
}

function traceBack(steps: Uint8Array, rows: number, frames: number): Int32Array {
  const starts = new Int32Array(rows);
  let row = rows - 1;
  let frame = frames - 1;
  while (row >= 0) {
    starts[row] = Math.max(0, frame);
    // before the first frame only what is no number can lead
    const step = frame < 0 ? NEXT_TOKEN : steps[row * frames + frame];
    if (step !== NEXT_FRAME) row--;
    if (step !== NEXT_TOKEN) frame--;
  }
  return starts;
}
