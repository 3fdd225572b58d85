import type { Diarised, SpeakerCount } from './types';

/** What a diarisation is done with. */
export interface DiariseOrder {
  /** Id of the installed segmentation model; `null`: speech is given, as a VAD found it. */
  segmentation: string | null;
  /** Id of the installed embedding model. */
  embedding: string;
  /** Absolute address of ONNX Runtime's own files, with a last slash. */
  runtimeUrl: string;
  /** Wasm threads; 1 where the page is not cross-origin isolated. */
  threads: number;
}

/**
 * What the worker that tells speakers apart answers; one recording at a time. Errors: NOT_FOUND and
 * MODEL_HASH_MISMATCH (a model's files), MODEL_UNSUPPORTED, DIARISE_FAILED; and, fatal, OUT_OF_MEMORY and
 * WORKER_CRASHED.
 */
export interface DiariseMethods {
  /** Loads the models for another recording, and forgets the one before. */
  open: { params: DiariseOrder; result: null };
  /**
   * Sound that follows: with a segmentation model everything, without a gap, else segments of speech. The caller
   * transfers the buffer.
   */
  push: { params: { startSample: number; pcm: Float32Array }; result: null };
  /** No more sound follows: frees the models. */
  finish: { params: { count: SpeakerCount }; result: Diarised };
  /** The same recording with another number of speakers. */
  recount: { params: { count: SpeakerCount }; result: Diarised };
}
