import { type JobError, type JobRecord, listJobs, listTranscripts } from '@/lib/client/store';
import { toAppError } from '@/lib/core';
import type { JobStage, JobStore, JobView } from './job-store';
import type { SourceRegistry } from './source-registry';

/** What a running job reports to the page and to other tabs. */
export interface JobProgress {
  id: string;
  stage: JobStage | null;
  doneMs: number;
  durationMs: number | null;
  remainingMs: number | null;
  latestText: string;
  /** The run is over: its state is read from the store again. */
  ended: boolean;
}

/** Carries progress between tabs: a `BroadcastChannel`, or nothing. */
export interface ProgressChannel {
  post(progress: JobProgress): void;
  onMessage(listener: (progress: JobProgress) => void): () => void;
}

/** Progress of another tab expires after this time: a killed tab does not report its end. */
const FOREIGN_FOR_MS = 5_000;
const HEARTBEAT_MS = 1_000;
/** Minimum interval between two reports to the page. */
const PUBLISH_INTERVAL_MS = 200;
/** The remaining time is estimated after measuring for this long. */
const MEASURE_FOR_MS = 2_000;

/** Takes the progress of one run. */
export interface RunningView {
  stage(stage: JobStage): void;
  open(durationMs: number | null): void;
  progress(doneMs: number): void;
  text(latest: string | null): void;
  end(): void;
}

/** Keeps the page's list of unfinished jobs in line with the store and with what is running. */
export class JobViews {
  /** Failures that could not be stored, by job. */
  readonly unstoredFailures = new Map<string, JobError>();
  private readonly live = new Map<string, { progress: JobProgress; atMs: number; mine: boolean }>();
  private readonly stopListening: () => void;
  private readonly expiry: ReturnType<typeof setInterval>;
  private refreshing: Promise<void> | null = null;
  private again = false;

  constructor(
    private readonly sources: SourceRegistry,
    private readonly store: JobStore,
    private readonly channel: ProgressChannel,
  ) {
    this.stopListening = channel.onMessage((progress) => this.take(progress, false));
    this.expiry = setInterval(() => this.expire(), HEARTBEAT_MS);
  }

  dispose(): void {
    this.stopListening();
    clearInterval(this.expiry);
  }

  setProblem(problem: JobError | null): void {
    const now = this.store.getState().problem;
    if (now?.code === problem?.code) return;
    this.store.setState({ problem });
    // the store can be read again
    if (!problem) void this.refresh();
  }

  /** Reads the stored jobs; calls made meanwhile share one further read. */
  refresh(): Promise<void> {
    if (this.refreshing) {
      this.again = true;
      return this.refreshing;
    }
    this.refreshing = (async () => {
      do {
        this.again = false;
        try {
          await this.read();
          this.setProblem(null);
        } catch (error) {
          const { code, message, details } = toAppError(error);
          this.setProblem({ code, message, details });
        }
      } while (this.again);
      this.refreshing = null;
    })();
    return this.refreshing;
  }

  /** A job of this tab starts running. */
  begin(job: JobRecord): RunningView {
    const state: JobProgress = {
      id: job.id,
      stage: 'opening',
      doneMs: job.doneMs,
      durationMs: job.durationMs,
      remainingMs: null,
      latestText: this.live.get(job.id)?.progress.latestText ?? '',
      ended: false,
    };
    let measured: { atMs: number; doneMs: number } | null = null;
    let publishedMs = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const publish = () => {
      clearTimeout(timer);
      timer = undefined;
      publishedMs = performance.now();
      this.take({ ...state }, true);
      this.channel.post({ ...state });
    };
    const publishSoon = () => {
      const waitMs = publishedMs + PUBLISH_INTERVAL_MS - performance.now();
      if (waitMs <= 0) publish();
      else timer ??= setTimeout(publish, waitMs);
    };
    const heartbeat = setInterval(publish, HEARTBEAT_MS);
    publish();
    return {
      stage: (stage) => {
        state.stage = stage;
        publishSoon();
      },
      open: (durationMs) => {
        state.durationMs = durationMs;
        publishSoon();
      },
      progress: (doneMs) => {
        const now = performance.now();
        state.doneMs = doneMs;
        // decoding alone says nothing about the remaining time
        if (state.stage !== 'transcribing') return publishSoon();
        measured ??= { atMs: now, doneMs };
        const spentMs = now - measured.atMs;
        const gainedMs = doneMs - measured.doneMs;
        if (state.durationMs !== null && spentMs >= MEASURE_FOR_MS && gainedMs > 0)
          state.remainingMs = Math.max(0, ((state.durationMs - doneMs) * spentMs) / gainedMs);
        publishSoon();
      },
      text: (latest) => {
        if (latest !== null) state.latestText = latest;
        publishSoon();
      },
      end: () => {
        clearInterval(heartbeat);
        state.ended = true;
        publish();
        void this.refresh();
      },
    };
  }

  private take(progress: JobProgress, mine: boolean): void {
    const { id } = progress;
    if (progress.ended) this.live.delete(id);
    else this.live.set(id, { progress, atMs: performance.now(), mine });
    const { jobs } = this.store.getState();
    const at = jobs.findIndex((job) => job.id === id);
    const job = jobs[at];
    if (!job || progress.ended) {
      void this.refresh();
      return;
    }
    // paused or failed: its run is only finishing
    if (job.status === 'paused' || job.status === 'failed') return;
    this.store.setState({ jobs: jobs.with(at, withProgress(job, progress)) });
  }

  private expire(): void {
    const now = performance.now();
    for (const [id, { atMs, mine }] of this.live)
      if (!mine && now - atMs > FOREIGN_FOR_MS) {
        this.live.delete(id);
        void this.refresh();
      }
  }

  private async read(): Promise<void> {
    const [jobs, transcripts, open] = await Promise.all([
      listJobs(),
      listTranscripts(),
      this.sources.openAnywhere(),
    ]);
    for (const { id, intent } of jobs)
      if (intent !== 'done' && open.has(id)) this.sources.onReleased(id, () => void this.refresh());
    const records = new Map(transcripts.map((record) => [record.id, record]));
    const previous = new Map(this.store.getState().jobs.map((job) => [job.id, job]));
    const views = jobs
      .filter((job) => job.intent !== 'done')
      .map((job): JobView => {
        const { media: kept = 'none', wordCount = 0 } = records.get(job.id) ?? {};
        const failure = this.unstoredFailures.get(job.id) ?? job.error;
        const recording = job.intent === 'recording';
        const needsFile = !recording && kept !== 'kept' && !open.has(job.id);
        const failed =
          this.unstoredFailures.has(job.id) ||
          job.intent === 'failed' ||
          // the recording could not be finalised
          (recording && job.error !== null);
        const view: JobView = {
          id: job.id,
          fileName: job.fileName,
          sizeBytes: job.sizeBytes,
          status: failed || needsFile ? 'failed' : statusOf(job.intent),
          isSecondPass: job.isSecondPass === true,
          stage: null,
          doneMs: job.doneMs,
          durationMs: job.durationMs,
          remainingMs: null,
          latestText: previous.get(job.id)?.latestText ?? '',
          hasText: wordCount > 0,
          error: failed ? failure : needsFile ? LOST_SOURCE : null,
          needsFile,
          media: kept,
        };
        const live = this.live.get(job.id);
        return live && view.status === 'queued' ? withProgress(view, live.progress) : view;
      });
    this.store.setState({ loaded: true, jobs: views });
  }
}

function statusOf(intent: JobRecord['intent']): 'recording' | 'paused' | 'queued' {
  return intent === 'recording' || intent === 'paused' ? intent : 'queued';
}

const LOST_SOURCE: JobError = {
  code: 'SOURCE_GONE',
  message: 'The page was closed before the file was saved in this browser.',
  details: {},
};

function withProgress(job: JobView, progress: JobProgress): JobView {
  const { stage, doneMs, durationMs, remainingMs, latestText } = progress;
  return {
    ...job,
    status: 'running',
    stage,
    doneMs,
    durationMs,
    remainingMs,
    latestText: latestText || job.latestText,
    hasText: job.hasText || latestText !== '',
  };
}
