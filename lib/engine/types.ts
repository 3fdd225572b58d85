import type { ErrorCode } from '@/lib/core';

/** How a model runs here. */
export type Backend = 'wasm' | 'webgpu';

/** One recognised word; times in samples at 16 kHz from the start of its speech segment. */
export interface RecognisedWord {
  text: string;
  startSample: number;
  endSample: number;
  /** 0 to 1. */
  confidence: number;
  /** How well the sound matches the word, 0 to 1, where it was measured (`alignment/align.ts`). */
  agreement?: number;
  /** For a doubtful word, what it may be instead: the likeliest first (`search/sound-alikes.ts`). */
  alternatives?: readonly string[];
}

/** What a recogniser made of one speech segment. No words: nothing was said that it knows. */
export interface SpeechHypothesis {
  words: RecognisedWord[];
  /** BCP 47, where it differs from the language of most of the batch. */
  language?: string;
}

/** What the recogniser in use is. Stored with the transcript. */
export interface RecogniserInfo {
  modelId: string;
  backend: Backend;
  precision: string;
  /** BCP 47. */
  language: string;
  threads: number;
}

/**
 * How a part of a model is run. Encoders: by the app's own `kernels`, or as a `graph` in ONNX Runtime.
 * Decoders: by the `kernels`; in a `loop` that gives many tokens a run; with the `choice` of the token
 * appended to the graph, one token a run; or as the `graph` that was published.
 */
export interface PartRun {
  part: 'encoder' | 'decoder';
  by: 'kernels' | 'loop' | 'choice' | 'graph';
  /** Why no faster way is used; `null`: there is none on this backend. */
  reason: string | null;
}

/**
 * How the app's kernels multiply integers: as `wide` ones of 16 bits; as `bytes`, the products added in 32 bits; or
 * as bytes in `pairs`, whose sums have 16.
 */
export type IntegerProducts = 'wide' | 'bytes' | 'pairs';

/** How one backend did on the self-test clip. */
export interface SelfTestResult {
  backend: Backend;
  /** `right`: the expected text came out; where none is known (`anyText`), some text did. */
  outcome: 'right' | 'wrong-text' | 'unavailable' | 'failed';
  /** Wall time of network and search in the warm run, in ms; `null`: it did not get that far. */
  runMs: number | null;
  /** Time to load the model and compile, in ms. */
  loadMs: number | null;
  /** What came out, or the reason there was nothing. */
  detail: string;
  /** The expected text is not known for this model: any text passed. */
  anyText?: true | undefined;
  /** The error's code, where the outcome is `failed` and something was thrown. */
  code?: ErrorCode | undefined;
  /** How the parts of the model are run, where there is more than one way. */
  runs?: PartRun[] | undefined;
  /** Set when only the graphs as published gave the expected text: how the faster ways did. */
  asPublished?: string | undefined;
}

/** Which backend was chosen for a model, and why. Stored, and shown in settings. */
export interface BackendChoice {
  modelId: string;
  backend: Backend;
  reason: string;
  trials: SelfTestResult[];
  chosenAt: string;
}

/** How numbers are written: as the model does it, in figures, or in words. */
export type NumberStyle = 'as-is' | 'figures' | 'words';
