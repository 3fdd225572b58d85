import type { JobCommands, JobStore } from '@/lib/client/jobs/job-store';
import type { MediaInfo } from '@/lib/engine/audio/types';
import type { BackendChoice } from '@/lib/engine/types';

/** What a timed decoding came to. */
export interface DecodeMeasurement {
  /** Length of the audio that came out, in ms. */
  audioMs: number;
  /** Wall time it took, in ms. */
  elapsedMs: number;
  decoder: MediaInfo['decoder'];
}

/** What the pages need of the pipeline. Made once, in the browser only. */
export interface Runtime {
  jobs: JobStore;
  commands: JobCommands;
  diagnose: {
    /**
     * Decodes a whole file and throws the audio away.
     * @param onProgress the length decoded so far, in ms of audio
     */
    decode(file: File, onProgress: (audioMs: number) => void): Promise<DecodeMeasurement>;
  };
  /** The backend for the model in use; measured once, or again when forced. */
  chooseBackend(force?: boolean): Promise<BackendChoice>;
  /** Ends its jobs and copies, which go on when this library is opened again. */
  stop(): void;
  /** Starts the workers and loads the model ahead of the first file; never rejects. */
  warmUp(): Promise<void>;
}
