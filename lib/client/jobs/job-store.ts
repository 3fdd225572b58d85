import { createStore, type StoreApi } from 'zustand/vanilla';
import type { JobError, MediaState } from '@/lib/client/store';

/** What a running job is busy with. */
export type JobStage = 'opening' | 'loading-model' | 'transcribing' | 'finishing';

/** One job as the page shows it. */
export interface JobView {
  /** The transcript's id too. */
  id: string;
  fileName: string;
  sizeBytes: number;
  /** `running` also when another tab runs it; `recording`: its sound is still coming in. */
  status: 'recording' | 'queued' | 'running' | 'paused' | 'failed';
  /** A better model's words take the place of a finished text. */
  isSecondPass: boolean;
  /** Set while running. */
  stage: JobStage | null;
  /** How much of the recording is settled. */
  doneMs: number;
  durationMs: number | null;
  /** Estimated from this run's speed; `null` until that is known. */
  remainingMs: number | null;
  /** The newest words, for a glance at the growing text. */
  latestText: string;
  /** Whether something was transcribed already: it can be opened. */
  hasText: boolean;
  error: JobError | null;
  /** The recording is neither in this browser's storage nor open in a tab: it must be chosen again. */
  needsFile: boolean;
  /** Where the copy for playback is. */
  media: MediaState;
}

export interface JobsState {
  /** False until the stored jobs were read. */
  loaded: boolean;
  /** Why the stored jobs cannot be read right now (another tab blocks them, say). */
  problem: JobError | null;
  /** Unfinished jobs in the order of the queue: what is done is in the library. */
  jobs: JobView[];
}

export type JobStore = StoreApi<JobsState>;

/** The page's mirror of the stored jobs; written by the runner alone. */
export function createJobStore(): JobStore {
  return createStore<JobsState>(() => ({ loaded: false, problem: null, jobs: [] }));
}

/** What the user can do with jobs. Every method rejects with an `AppError` when storing fails. */
export interface JobCommands {
  /** Queues files in the order given; copies them into the browser's storage meanwhile. */
  add(files: File[]): Promise<void>;
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  /** Ends a second pass where it is: the rest of the first one's text stays. */
  stopSecondPass(id: string): Promise<void>;
  /** Goes on with a second pass that was ended or failed. */
  resumeSecondPass(id: string): Promise<void>;
  /** Queues a failed job again; `file` where the recording had to be chosen again. */
  retry(id: string, file?: File): Promise<void>;
  /**
   * Transcribes another audio track: what there is of the text goes. Only for jobs that do not run.
   */
  transcribeTrack(id: string, track: number): Promise<void>;
  /** Moves a job one place up (-1) or down (+1) in the queue. */
  move(id: string, by: -1 | 1): Promise<void>;
}
