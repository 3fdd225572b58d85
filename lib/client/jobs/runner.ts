import {
  getJob,
  getTranscript,
  type JobError,
  type Locks,
  listJobs,
  onChange,
  secondPass,
  updateJob,
} from '@/lib/client/store';
import { type AppError, isAppError, toAppError } from '@/lib/core';
import type { JobOptions, Stages } from '@/lib/engine/pipeline';
import type { JobStore } from './job-store';
import { JobViews, type ProgressChannel } from './job-views';
import { runJob } from './run-job';
import type { SourceRegistry } from './source-registry';

/** Held by the tab that runs a job: one job at a time across all tabs. */
const RUNNER_LOCK = 'ai2text:runner';

/** How long to wait before the store is read again after a failure. */
const STORE_RETRY_MS = 2_000;

export interface RunnerDependencies {
  /** What the user has chosen for recognition, as it is now. */
  getJobOptions(): Promise<JobOptions>;
  /** Whether recordings are transcribed with this model now. */
  isModelInUse(modelId: string): Promise<boolean>;
  sources: SourceRegistry;
  locks: Locks;
  stages: Stages;
  store: JobStore;
  channel: ProgressChannel;
}

export interface Runner {
  /** Reads the stored jobs again and runs the next one that can run. */
  wake(): void;
  /** Lets a job run again whose failure could not be stored (a full disk). */
  clearFailure(id: string): void;
  dispose(): void;
}

/** A failure as stored and shown. */
function toJobError(error: AppError): JobError {
  const { code, message, details } = error;
  return { code, message, details };
}

/**
 * Runs queued jobs one after another until disposed. The store determines what runs: pausing, cancelling
 * and reordering are changes there, made by any tab, and the runner follows them. A failed job is marked
 * as failed and the next one starts.
 */
export function createRunner(dependencies: RunnerDependencies): Runner {
  const { getJobOptions, isModelInUse, sources, locks, stages, store, channel } = dependencies;
  const life = new AbortController();
  const views = new JobViews(sources, store, channel);
  /** Failures that could not be stored; these jobs wait for the user. */
  const unstored = views.unstoredFailures;
  let version = 0;
  let wakeUp: () => void = () => undefined;
  let running: { id: string; abort: AbortController } | null = null;

  const wake = () => {
    version += 1;
    wakeUp();
    void views.refresh();
  };

  const stopListening = onChange((change) => {
    if (change.kind !== 'jobs' && change.kind !== 'transcripts') return;
    wake();
    const mine = running;
    if (mine && change.kind === 'jobs' && (change.id === null || change.id === mine.id))
      void getJob(mine.id).then(
        (job) => {
          if (job?.intent !== 'queued') mine.abort.abort();
        },
        () => undefined, // the store cannot be read: the next batch will report it
      );
  });

  const findNext = async () => {
    for (const job of await listJobs()) {
      if (job.intent !== 'queued' || unstored.has(job.id)) continue;
      const source = await sources.get(job.id);
      if (source) return { job, source };
    }
    return findSecondPass();
  };

  /** A finished job whose better model is available now; jobs without any text come first. */
  const findSecondPass = async () => {
    for (const { id, intent, options } of await listJobs()) {
      const later = intent === 'done' ? options?.laterModelId : undefined;
      if (later === undefined || !(await isModelInUse(later))) continue;
      const source = await sources.get(id);
      if (!source) continue;
      await secondPass.beginSecondPass(id);
      const job = await getJob(id);
      if (job) return { job, source };
    }
    return null;
  };

  const runNext = async (): Promise<boolean> => {
    const next = await findNext();
    if (!next || life.signal.aborted) return false;
    const { job, source } = next;
    const abort = new AbortController();
    running = { id: job.id, abort };
    const signal = AbortSignal.any([abort.signal, life.signal]);
    const view = views.begin(job);
    try {
      const end = await runJob({ job, source: source.blob, stages, getJobOptions, view, signal });
      if (end === 'done' && !(await isToBeReadAgain(job.id))) sources.release(job.id);
    } catch (error) {
      // errors while the user stops the job are not the job's failure
      if (!signal.aborted && !(await canGoOn(job.id, source.isKept, error)))
        await fail(job.id, toAppError(error));
    } finally {
      running = null;
      view.end();
    }
    return true;
  };

  /** Whether a second pass will need the recording. */
  const isToBeReadAgain = async (id: string) =>
    (await getJob(id))?.options?.laterModelId !== undefined;

  /** Whether a complete copy can replace a file that is gone; otherwise the user is asked for it. */
  const canGoOn = async (id: string, wasKept: boolean, error: unknown) => {
    if (wasKept || !isAppError(error) || error.code !== 'SOURCE_GONE') return false;
    sources.discard(id);
    return (await sources.get(id)) !== null;
  };

  const fail = async (id: string, error: AppError) => {
    console.warn(`Job ${id} failed: ${error.code}`, error.message);
    const failure = toJobError(error);
    try {
      const job = await getJob(id);
      const isWhole = (await getTranscript(id))?.state === 'complete';
      if (job?.isSecondPass && isWhole) {
        // the existing text stays as it is
        await secondPass.stopSecondPass(id, failure);
        return;
      }
      await updateJob(id, (job) =>
        job.intent === 'queued' ? { intent: 'failed', error: failure } : null,
      );
    } catch (cause) {
      console.warn('The failure could not be stored', cause);
      unstored.set(id, failure);
    }
  };

  const loop = async () => {
    while (!life.signal.aborted) {
      const seen = version;
      try {
        const ran = await locks.request(RUNNER_LOCK, { signal: life.signal }, runNext);
        views.setProblem(null);
        if (!ran && seen === version) await changed();
      } catch (error) {
        if (life.signal.aborted) return;
        views.setProblem(toJobError(toAppError(error)));
        await changed(STORE_RETRY_MS);
      }
    }
  };

  const changed = (timeoutMs?: number) =>
    new Promise<void>((resolve) => {
      const timer = timeoutMs === undefined ? undefined : setTimeout(resolve, timeoutMs);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  wake();
  void loop();
  return {
    wake,
    clearFailure: (id) => {
      unstored.delete(id);
      wake();
    },
    dispose: () => {
      life.abort();
      wakeUp();
      stopListening();
      views.dispose();
    },
  };
}
