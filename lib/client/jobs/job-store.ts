import { createStore, type StoreApi } from 'zustand/vanilla';
import type { JobError, MediaState } from '@/lib/client/store';
import type { Transcript } from '@/lib/transcript';

/** The stage of a running job. */
export type JobStage = 'opening' | 'loading-model' | 'transcribing' | 'finishing';

/** One job as the page shows it. */
export interface JobView {
  /** The transcript's id too. */
  id: string;
  fileName: string;
  sizeBytes: number;
  /** `running` also if another tab runs it; `recording`: it is still being recorded. */
  status: 'recording' | 'queued' | 'running' | 'paused' | 'failed';
  /** A better model's words are replacing a finished text. */
  isSecondPass: boolean;
  /** Set while running. */
  stage: JobStage | null;
  /** How much of the recording is done. */
  doneMs: number;
  durationMs: number | null;
  /** Estimated from this run's speed; `null` until it is known. */
  remainingMs: number | null;
  /** The latest words, as a preview of the growing text. */
  latestText: string;
  /** Whether there is text already, so that it can be opened. */
  hasText: boolean;
  error: JobError | null;
  /** The recording is neither stored in this browser nor open in a tab: the user must choose it again. */
  needsFile: boolean;
  /** Where the copy for playback is. */
  media: MediaState;
}

export interface JobsState {
  /** False until the stored jobs have been read. */
  loaded: boolean;
  /** Why the stored jobs cannot be read now, for example because another tab blocks the database. */
  problem: JobError | null;
  /** Unfinished jobs in queue order; finished ones are in the library. */
  jobs: JobView[];
}

export type JobStore = StoreApi<JobsState>;

/** The page's view of the stored jobs; only the runner writes it. */
export function createJobStore(): JobStore {
  return createStore<JobsState>(() => ({ loaded: false, problem: null, jobs: [] }));
}

/** One of several files that are one recording. */
export interface SpeakerFile {
  file: File;
  /** What the speaker in it is called. */
  speaker: string;
  /** Where it begins in the recording, in ms. */
  startMs: number;
}

/** What the user can do with jobs. Every method rejects with an `AppError` when storing fails. */
export interface JobCommands {
  /**
   * Queues files in the given order, and copies them into the browser's storage meanwhile.
   * @param ids of their jobs, where they were decided before
   */
  add(files: File[], ids?: readonly string[]): Promise<{ id: string; file: File }[]>;
  /**
   * Stores a recording with a text that is there already: nothing is recognised, but all of it is decoded, for its
   * waveform and, where only its subtitles have times, for those of their words.
   * @param onProgress called with the share that is read, 0 to 1
   * @returns the id of the transcript
   * @throws those of decoding
   */
  addWithText(
    file: File,
    transcript: Transcript,
    options: { hasCues: boolean; onProgress?: (share: number) => void },
  ): Promise<string>;
  /** Queues several files as one recording, each with a speaker of its own. */
  addAsOne(parts: SpeakerFile[]): Promise<void>;
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  /** Stops a second pass where it is: the rest of the first pass's text stays. */
  stopSecondPass(id: string): Promise<void>;
  /** Resumes a second pass that was stopped or failed. */
  resumeSecondPass(id: string): Promise<void>;
  /**
   * Transcribes a finished recording once more; edits stay, and so does a text that it was added with.
   */
  transcribeAgain(id: string): Promise<void>;
  /** Queues a failed job again. @param file the recording, if it had to be chosen again */
  retry(id: string, file?: File): Promise<void>;
  /**
   * Transcribes another audio track and discards the current text. Only for jobs that are not running.
   */
  transcribeTrack(id: string, track: number): Promise<void>;
  /** Transcribes each audio track as one of these speakers, likewise. */
  transcribeTracks(id: string, speakers: string[]): Promise<void>;
  /** Moves a job one place up (-1) or down (+1) in the queue. */
  move(id: string, by: -1 | 1): Promise<void>;
}
