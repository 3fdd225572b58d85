import type { RecogniseResult, RecogniserInfo, SpeechOptions } from '@/lib/engine';
import type { DecodeNotice, MediaInfo, PcmChunk, PcmSpan, TrackIndex } from '@/lib/engine/audio';
import type { SegmentedSpeech, SegmenterCheckpoint } from '@/lib/engine/vad';

/** What a job's speech is recognised with, from its first batch to its last. */
export interface JobOptions extends SpeechOptions {
  /** Id of the model. */
  modelId: string;
  /** Id of the model that replaces this one's words in a second pass, once it is installed. */
  laterModelId?: string;
}

/** Media to PCM. One session at a time reads one source, by slices. */
export interface Decoder {
  /**
   * Opens a source and describes it. The session's PCM begins exactly at `startSample` and is
   * the same, sample for sample, as that of a session which began at 0 and came to that point.
   * Errors: SOURCE_EMPTY, SOURCE_UNREADABLE, DECODE_UNSUPPORTED, DECODE_NO_AUDIO,
   * DECODE_INCOMPLETE, DECODE_FAILED.
   */
  open(
    source: Blob,
    options: {
      startSample: number;
      /** Index of the audio track, or all mixed; `null` or missing: the one that players take. */
      track?: TrackIndex | null;
      /** The decoder that an earlier run ended with: what one decoder gave up on is left to the other. */
      decoder?: MediaInfo['decoder'] | null;
      signal?: AbortSignal;
    },
  ): Promise<DecodeSession>;
}

export interface DecodeSession {
  readonly info: MediaInfo;
  /** The next PCM, or `null` after the last. Decoding waits while nothing is read. */
  read(signal?: AbortSignal): Promise<PcmChunk | null>;
  /** What was found wrong so far: gaps, a cut-off end. Complete once `read` gave `null`. */
  readonly notices: readonly DecodeNotice[];
  /** The largest |sample| of any channel so far, 0 to 1, before mixing. */
  readonly loudest: number;
  /** Frees the decoder; safe to call twice. */
  close(): Promise<void>;
}

/** PCM to speech segments. */
export interface Segmenter {
  /** @param from where an earlier run stopped; `null` for the start of the source */
  open(from: SegmenterCheckpoint | null, signal?: AbortSignal): Promise<SegmentSession>;
}

export interface SegmentSession {
  /** The sample at which the PCM given to `push` must begin. */
  readonly startSample: number;
  /** No segment that was not given yet begins before this sample; as known after the last `push`. */
  readonly nextStartSample: number;
  /** Takes PCM in order, of any length; gives the segments that are now complete, in order. */
  push(chunk: PcmSpan, signal?: AbortSignal): Promise<SegmentedSpeech[]>;
  /** No more PCM: gives what is left. */
  finish(signal?: AbortSignal): Promise<SegmentedSpeech[]>;
  close(): Promise<void>;
}

/** Speech to words. */
export interface Recogniser {
  /**
   * Loads a model and makes sure that it works here.
   * @throws MODEL_NOT_INSTALLED
   */
  prepare(modelId: string, signal?: AbortSignal): Promise<RecogniserInfo>;
  /**
   * Recognises a batch; the answer has one hypothesis for each segment, in the same order, and
   * does not depend on how segments were put together. Takes the PCM over (it is transferred).
   */
  recognise(
    batch: Float32Array[],
    options: SpeechOptions & { signal?: AbortSignal },
  ): Promise<RecogniseResult>;
  /**
   * Something quick that writes a job's first words while `prepare`, which is called after it, loads the
   * job's own model; `null` when that takes no time, and where nothing here knows what is spoken.
   */
  openFirstWords(options: JobOptions, signal: AbortSignal): Promise<FirstWordsWriter | null>;
}

/** Writes words that will be replaced. Of no use once the job's own model is prepared. */
export interface FirstWordsWriter {
  readonly info: RecogniserInfo;
  /** As `Recogniser.recognise`. */
  recognise(batch: Float32Array[], signal: AbortSignal): Promise<RecogniseResult>;
}
