import type { Diarised, SpeakerCount } from '@/lib/engine/diarisation';

/** Ids of the installed models that tell speakers apart. */
export interface SpeakerModelIds {
  /** `null`: there is none, and speech is given, as a VAD found it. */
  segmentation: string | null;
  embedding: string;
}

/** Tells the speakers of one recording apart, in a worker of its own. Embeddings stay in its memory. */
export interface Diariser {
  open(models: SpeakerModelIds, signal?: AbortSignal): Promise<void>;
  /** Sound that follows, 16 kHz: everything, or speech alone where there is no segmentation model. */
  push(sound: { startSample: number; pcm: Float32Array }, signal?: AbortSignal): Promise<void>;
  finish(count: SpeakerCount, signal?: AbortSignal): Promise<Diarised>;
  /** The same recording with another number of speakers: takes milliseconds. */
  recount(count: SpeakerCount): Promise<Diarised>;
  /** Ends the worker: embeddings are gone. */
  dispose(): void;
}
