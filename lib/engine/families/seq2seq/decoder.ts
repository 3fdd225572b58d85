import type { Tensor } from 'onnxruntime-web';
import type { HotTokens } from './hot-words/hot-search';

/** What a step may choose from, for one row. */
export interface TokenLimits {
  /** Tokens that are never chosen, by id: the same in every step. */
  suppressed: readonly number[];
  /** `null`: no token is a time, all tokens are alike. */
  timestamps: TimestampRules | null;
}

/**
 * The rules of Whisper's time tokens (Radford et al. 2022, and `ApplyTimestampRules` of its
 * reference implementation): they come in pairs but at the end, the first token is one, and when
 * all times together are more probable than the best text token, a time is taken.
 */
export interface TimestampRules {
  /** Id of `<|0.00|>`; every id from here on is a time. */
  firstId: number;
  /** Id of the end of text: allowed where text is not. Ids from it to `firstId` are not text. */
  endId: number;
  /** The first time is at most this many steps; `null`: any. */
  maxInitial: number | null;
  /** Times never go back. transformers.js has no such rule: off when compared with it. */
  monotonic: boolean;
}

/** The tokens chosen for one row, and how probable each was among those allowed. */
export interface TokenRow {
  /** Without the prompt, and without the end token. */
  tokens: number[];
  /** Natural logarithms, one for each token, and one more for the end token when it was reached. */
  logProbs: number[];
  /** The end token was chosen; otherwise `maxTokens` was reached or the caller stopped. */
  ended: boolean;
}

export interface GenerateOptions {
  /** Begins every row; all of one length. */
  prompts: readonly (readonly number[])[];
  endId: number;
  maxTokens: number;
  limits: TokenLimits;
  /** Tokens suppressed only directly after the prompt. */
  suppressedFirst: readonly number[];
  /** 0: the most probable token; above: drawn from the softmax of logits / temperature. */
  temperature: number;
  /** For temperatures above 0: uniform in [0, 1). */
  random: () => number;
  /**
   * The most hypotheses of a row, where the decoder can keep several and the most probable token is taken;
   * not given: one.
   */
  beamWidth?: number;
  /** The user's words, favoured where the most probable token is taken; not given: none. */
  hot?: HotTokens | null;
  /** Called every few steps; a row for which it returns true ends there. */
  shouldStop?: (tokens: readonly number[], row: number) => boolean;
  signal: AbortSignal;
}

/**
 * An encoder-decoder's decoder over one batch of encoded windows, whose keys and values are computed once. There
 * are two:
 * - `CachedBatch` runs a merged graph with past (`decoder_model_merged.onnx`). Rows run in lock step; one that has
 *   ended is left out on `wasm`, and costs no more than its place on `webgpu`. The cache stays where it is (GPU buffers
 *   on `webgpu`; inside the runtime on `wasm`, where that is faster).
 * - `StepBatch` runs on the compiled kernels, in their memory. Each row has a cache of its own and can keep several
 *   hypotheses; one that has ended costs nothing. Only one such batch can be open at a time.
 */
export interface DecoderBatch {
  readonly rows: number;
  /**
   * Logits after the first token of a prompt, before anything else: for language detection and
   * for the probability of "no speech". [rows][vocabulary]
   */
  firstLogits(startId: number): Promise<Float32Array[]>;
  /** May be called again, at another temperature: encoder keys and values are kept. */
  generate(options: GenerateOptions): Promise<TokenRow[]>;
  /**
   * Cross-attention of a finished sequence, which is fed to the decoder once more, for word times.
   * @returns weights [heads.length][sequence.length][encoder frames], row after row; `null` where it is not
   * available: the graph has no `cross_attentions.N`; the kernels, which need none, have no such head
   */
  crossAttention(
    row: number,
    sequence: readonly number[],
    heads: readonly (readonly [layer: number, head: number])[],
  ): Promise<Float32Array[] | null>;
  /** Frees everything kept for this batch. */
  dispose(): void;
}

export interface CachedDecoder {
  readonly vocabularySize: number;
  /** Rows may be of different lengths. */
  readonly takesLengths: boolean;
  /**
   * @param encoded [rows, frames, width]; taken over: disposed with the batch
   * @param counts valid frames of each row; not given: all
   */
  begin(encoded: Tensor, counts?: readonly number[]): DecoderBatch;
  release(): Promise<void>;
}
