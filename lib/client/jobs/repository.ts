import type {
  Change,
  FinishedJob,
  JobError,
  JobRecord,
  NewJob,
  StoredBatch,
  StoredFirstWords,
  TrackOfJob,
  TranscriptRecord,
} from '@/lib/client/store';
import type { JobOptions } from '@/lib/engine/pipeline';

/** What the runner needs of the store; `lib/client/store` is the real one. */
export interface Repository {
  addJobs(jobs: NewJob[]): Promise<void>;
  listJobs(): Promise<JobRecord[]>;
  getJob(id: string): Promise<JobRecord | null>;
  updateJob(
    id: string,
    change: (job: JobRecord) => Partial<Omit<JobRecord, 'id'>> | null,
  ): Promise<boolean>;
  /** Puts a job back to its beginning, without the text of the track before. */
  restartJob(id: string, track: TrackOfJob): Promise<void>;
  orderJobs(ids: string[]): Promise<void>;
  /** Begins the pass of the better model that a finished job waits for. */
  beginSecondPass(id: string): Promise<void>;
  /** Ends it where it is; the text of the first pass stays behind that. */
  stopSecondPass(id: string, problem: JobError | null): Promise<void>;
  /** Goes on with one that was stopped. */
  resumeSecondPass(id: string): Promise<void>;
  /** Stores words of a job that has none of its own yet; its first batch takes their place. */
  storeFirstWords(id: string, first: StoredFirstWords): Promise<void>;
  storeBatch(id: string, batch: StoredBatch): Promise<boolean>;
  finishJob(id: string, end: FinishedJob): Promise<void>;
  getTranscript(id: string): Promise<TranscriptRecord | null>;
  listTranscripts(): Promise<TranscriptRecord[]>;
  updateTranscript(id: string, change: Partial<Omit<TranscriptRecord, 'id'>>): Promise<void>;
  setDeleted(id: string, deleted: boolean): Promise<void>;
  /** What the user has chosen for recognition, as it is now. */
  getJobOptions(): Promise<JobOptions>;
  /** Whether recordings are transcribed with this model now. */
  isModelInUse(modelId: string): Promise<boolean>;
  getMedia(id: string): Promise<Blob | null>;
  keepMedia(id: string, source: Blob, signal: AbortSignal): Promise<void>;
  hasQuotaFor(sizeBytes: number): Promise<boolean>;
  onChange(listener: (change: Change) => void): () => void;
}
