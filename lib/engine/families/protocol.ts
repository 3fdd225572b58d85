import type { CatalogueModel, DraftModel } from '@/lib/catalogue';
import type {
  IntegerProducts,
  NumberStyle,
  PartRun,
  RecogniserInfo,
  SpeechHypothesis,
} from '@/lib/engine';

/**
 * How long one call may take before its worker counts as hung. A batch holds a minute of speech, for
 * which a large model on a slow processor needs many minutes.
 */
export const RECOGNISE_TIMEOUT_MS = 1_800_000;

export interface LoadParams {
  model: CatalogueModel;
  /** Absolute address of the folder that served models' paths are relative to, with a last slash. */
  modelsUrl: string;
  /** The model that comes with the app: gives word times to models that have none. */
  aligner: DraftModel | null;
  /** Absolute address of ONNX Runtime's own files, with a last slash. */
  runtimeUrl: string;
  /**
   * Threads; one in a page that is not cross-origin isolated. `null`: as many as its runtime gains from. No meaning
   * for `webgpu`.
   */
  threads: number | null;
  /** Runs on a software adapter too, which is slow: for tests. No meaning for `wasm`. */
  allowSoftwareGpu?: boolean;
  /** Runs graphs as they were published, without optimisations: for use where those failed here. */
  asPublished?: boolean;
  /**
   * `LoadResult.products` of an earlier load on this device, so that a resumed job writes the same as an
   * unbroken one.
   */
  products?: IntegerProducts | undefined;
  /** Loads again even when this very model is loaded: to time it. */
  reload?: boolean;
}

export interface LoadResult {
  info: RecogniserInfo;
  /** How the model's parts are run, where there is more than one way. */
  runs: readonly PartRun[];
  /** How the app's kernels multiply integers here; not given where that could not be measured. */
  products?: IntegerProducts | undefined;
  /** From the call to a model that is ready to run, in ms. */
  loadMs: number;
}

export interface RecogniseParams {
  /** Segments of 16 kHz PCM, of any lengths. The caller transfers the buffers. */
  batch: Float32Array[];
  /**
   * The user's own vocabulary: words and phrases, written as they are to be shown; what is empty or
   * beyond `VOCABULARY_LIMITS` is left out. None when it is not given.
   */
  hotWords?: string[];
  /** See `SpeechOptions`; not given: to be detected. */
  language?: string | null;
  /** Not given: `transcribe`. */
  task?: 'transcribe' | 'translate';
  /** See `SpeechOptions`; not given: as the model writes them. */
  numbers?: NumberStyle;
}

export interface RecogniseResult {
  /** One for each segment of the batch, in the batch's order. */
  hypotheses: SpeechHypothesis[];
  /** Wall time in the network, in ms. */
  inferenceMs: number;
  /** Wall time in the word search and the alignment, in ms. */
  searchMs: number;
  /** BCP 47 of the text: given or detected; `null` without speech to detect it from. */
  language: string | null;
}

/**
 * What a recogniser's worker answers; the same for every backend. Errors: MODEL_DOWNLOAD_FAILED,
 * MODEL_HASH_MISMATCH, OFFLINE, BACKEND_UNAVAILABLE (load); RECOGNISE_FAILED; and, fatal,
 * GPU_DEVICE_LOST, OUT_OF_MEMORY and WORKER_CRASHED (no model is loaded), after which a fresh worker
 * has to load the model again.
 */
export interface RecogniserMethods {
  /** Loads a model; another one loaded before is freed. The same one again costs nothing. */
  load: { params: LoadParams; result: LoadResult };
  /** Recognises speech. Another vocabulary than in the call before costs some time to take in. */
  recognise: { params: RecogniseParams; result: RecogniseResult };
  /** Frees the model; the worker itself lives on. */
  dispose: { params: null; result: null };
}
