import { AppError } from '@/lib/core';
import type { InferenceRuntime, InferenceSession, Tensors } from '@/lib/engine/runtime';
import { type FeatureBatch, type Features, stackFeatures } from './features';
import { dimensionOf, type GraphInterface, hasInterface, unknownInterface } from './interface';
import { type FoundToken, subsamplingOf } from './tokens';

/** Scores of one row: `frames * classes` logits or log-probabilities. */
export interface CtcScores {
  data: Float32Array;
  frames: number;
  /** Frames of features for each of these frames. */
  subsampling: number;
}

/** A CTC network in one of the layouts it is published in. */
export interface CtcNetwork {
  /** Mel bands of the features. */
  bands: 80 | 128;
  /** @throws RECOGNISE_FAILED; what `Session.run` throws */
  run(rows: readonly Features[]): Promise<CtcScores[]>;
  release(): Promise<void>;
}

interface Layout extends GraphInterface {
  order: 'bands-first' | 'frames-first';
  /** The input with the features, and its dimension of bands. */
  features: string;
  bandsAxis: number;
  scores: string;
  feeds(batch: FeatureBatch, bands: number, runtime: InferenceRuntime): Tensors;
}

const FREE = null;

/** As NeMo exports it: istupakov, sherpa-onnx. */
const NEMO: Layout = {
  inputs: [
    { name: 'audio_signal', type: 'float32', dims: [FREE, FREE, FREE] },
    { name: 'length', type: 'int64', dims: [FREE] },
  ],
  outputs: [{ name: 'logprobs', type: 'float32', dims: [FREE, FREE, FREE] }],
  order: 'bands-first',
  features: 'audio_signal',
  bandsAxis: 1,
  scores: 'logprobs',
  feeds: ({ data, frames, lengths }, bands, { Tensor }) => ({
    audio_signal: new Tensor('float32', data, [lengths.length, bands, frames]),
    length: new Tensor('int64', BigInt64Array.from(lengths, BigInt), [lengths.length]),
  }),
};

/** As transformers exports it: onnx-community. */
const TRANSFORMERS: Layout = {
  inputs: [
    { name: 'input_features', type: 'float32', dims: [FREE, FREE, FREE] },
    { name: 'attention_mask', type: 'int64', dims: [FREE, FREE] },
  ],
  outputs: [{ name: 'logits', type: 'float32', dims: [FREE, FREE, FREE] }],
  order: 'frames-first',
  features: 'input_features',
  bandsAxis: 2,
  scores: 'logits',
  feeds({ data, frames, lengths }, bands, { Tensor }) {
    const mask = new BigInt64Array(lengths.length * frames);
    for (const [row, length] of lengths.entries())
      mask.fill(1n, row * frames, row * frames + length);
    return {
      input_features: new Tensor('float32', data, [lengths.length, frames, bands]),
      attention_mask: new Tensor('int64', mask, [lengths.length, frames]),
    };
  },
};

/**
 * @param classes width of the scores
 * @throws MODEL_UNSUPPORTED for a graph of another interface, or of another number of tokens
 */
export function ctcNetwork(
  runtime: InferenceRuntime,
  session: InferenceSession,
  classes: number,
): CtcNetwork {
  const layout = [NEMO, TRANSFORMERS].find((known) => hasInterface(session, known));
  if (!layout) throw unknownInterface(session, 'network');
  const bands = bandsOf(session, layout.features, layout.bandsAxis) ?? 80;
  const width = dimensionOf(session.outputs, layout.scores, 2) ?? classes;
  if (width !== classes) throw otherTokens(width, classes);
  return {
    bands,
    async run(rows) {
      const batch = stackFeatures(rows, bands, layout.order);
      const results = await session.run(layout.feeds(batch, bands, runtime), [layout.scores]);
      const scores = results[layout.scores];
      const [, frames = 0, found = 0] = scores?.dims ?? [];
      if (found !== classes) throw otherTokens(found, classes);
      const data = scores?.data;
      if (!(data instanceof Float32Array))
        throw new AppError('RECOGNISE_FAILED', `The scores are ${scores?.type}.`);
      const subsampling = subsamplingOf(batch.frames, frames);
      return batch.lengths.map((length, row) => {
        const valid = Math.min(frames, Math.ceil(length / subsampling));
        const from = row * frames * classes;
        return { data: data.subarray(from, from + valid * classes), frames: valid, subsampling };
      });
    },
    release: () => session.release(),
  };
}

/**
 * Mel bands that a graph takes; `null` where it leaves them free.
 * @throws MODEL_UNSUPPORTED for a number that no preprocessor of NeMo's makes
 */
export function bandsOf(session: InferenceSession, input: string, axis: number): 80 | 128 | null {
  const bands = dimensionOf(session.inputs, input, axis);
  if (bands === null || bands === 80 || bands === 128) return bands;
  throw new AppError('MODEL_UNSUPPORTED', `The network takes ${bands} mel bands, not 80 or 128.`);
}

function otherTokens(network: number, list: number): AppError {
  return new AppError(
    'MODEL_UNSUPPORTED',
    `The network knows ${network} tokens, the list has ${list} with the blank.`,
  );
}

/**
 * The most probable token of each frame, the same one in neighbouring frames taken once, blanks
 * left out (best path of Graves et al. 2006, section 3.2).
 * @param scores `frames * classes` logits or log-probabilities
 * @returns in order of time; a token's probability is that in its best frame
 * @throws RECOGNISE_FAILED for scores that are not finite
 */
export function searchCtc(
  scores: Float32Array,
  frames: number,
  classes: number,
  blank: number,
): FoundToken[] {
  const tokens: FoundToken[] = [];
  let last = blank;
  for (let frame = 0; frame < frames; frame++) {
    const row = frame * classes;
    let id = -1;
    let best = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < classes; at++) {
      const score = scores[row + at] ?? Number.NaN;
      if (score > best) {
        best = score;
        id = at;
      }
    }
    if (!Number.isFinite(best))
      throw new AppError('RECOGNISE_FAILED', `The best score of frame ${frame} is ${best}.`);
    if (id !== blank) {
      const logProb = logProbOf(best, scores, row, classes);
      const open = tokens.at(-1);
      if (id === last && open) {
        open.endFrame = frame + 1;
        open.logProb = Math.max(open.logProb, logProb);
      } else tokens.push({ id, firstFrame: frame, endFrame: frame + 1, logProb });
    }
    last = id;
  }
  return tokens;
}

/** Log-softmax of the best score; the same number for logits and for log-probabilities. */
function logProbOf(best: number, scores: Float32Array, row: number, classes: number): number {
  let sum = 0;
  for (let at = 0; at < classes; at++) sum += Math.exp((scores[row + at] ?? 0) - best);
  return -Math.log(sum);
}
