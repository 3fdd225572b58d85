import type { NumberStyle, PartRun } from '@/lib/engine';
import type { RecogniseResult } from './protocol';

/** What is wanted of speech, beside its words. The same for a whole job. */
export interface SpeechOptions {
  /** The user's own names and terms, as the text should have them; families without use ignore them. */
  hotWords: readonly string[];
  /**
   * BCP 47 of what is spoken; several with commas between them: each part of the speech is in one of
   * them; `null`: to be detected. Models of one language ignore it.
   */
  language: string | null;
  /** `translate`: into English, by models that can. */
  task: 'transcribe' | 'translate';
  /** How English numbers are written, whatever model it is; not given: as the model does it. */
  numbers?: NumberStyle;
}

/** A loaded model of any family, ready to recognise. */
export interface SpeechModel {
  /** How its parts are run; not given by families that know one way alone. */
  readonly runs?: readonly PartRun[];
  /**
   * Recognises segments of 16 kHz PCM, of up to 30 s each; one hypothesis for each, in order.
   * The signal is checked between steps.
   * @throws RECOGNISE_FAILED, ABORTED; fatal: GPU_DEVICE_LOST, OUT_OF_MEMORY
   */
  recognise(
    batch: readonly Float32Array[],
    options: SpeechOptions,
    signal: AbortSignal,
  ): Promise<RecogniseResult>;
  /** Frees sessions and everything kept on the GPU. */
  release(): Promise<void>;
}

/** The files of one model, by the role the catalogue gives them. */
export interface ModelFiles {
  has(role: string): boolean;
  /** The file's name in its repository: graphs name their external data by it. */
  nameOf(role: string): string;
  /** @throws MODEL_DOWNLOAD_FAILED, MODEL_HASH_MISMATCH, OFFLINE, NOT_FOUND */
  read(role: string): Promise<Uint8Array<ArrayBuffer>>;
}
