import type { JobError, Locks } from '@/lib/client/store';
import { type AppError, isAppError, toAppError } from '@/lib/core';
import type { Stages } from '@/lib/engine/pipeline';
import type { JobStore } from './job-store';
import { JobViews, type ProgressChannel } from './job-views';
import type { Repository } from './repository';
import { runJob } from './run-job';
import type { SourceRegistry } from './source-registry';

/** Held by the tab that runs a job: one job at a time, in all tabs together. */
const RUNNER_LOCK = 'ai2text:runner';

/** How long to wait before the store is asked again after it failed. */
const STORE_RETRY_MS = 2_000;

export interface RunnerDependencies {
  repository: Repository;
  sources: SourceRegistry;
  locks: Locks;
  stages: Stages;
  store: JobStore;
  channel: ProgressChannel;
}

export interface Runner {
  /** Reads the stored jobs again and goes on when one can run. */
  wake(): void;
  /** Jobs that failed in a way that could not be stored (a full disk) may run again. */
  clearFailure(id: string): void;
  dispose(): void;
}

/** A failure as stored and shown. */
function toJobError(error: AppError): JobError {
  const { code, message, details } = error;
  return { code, message, details };
}

/**
 * Runs queued jobs, one after another, until disposed. What should run is what the store says:
 * pause, cancel and order are changes there, made by any tab, and the runner follows them. A
 * failed job is marked and the next one starts.
 */
export function createRunner(dependencies: RunnerDependencies): Runner {
  const { repository, sources, locks, stages, store, channel } = dependencies;
  const life = new AbortController();
  const views = new JobViews(repository, sources, store, channel);
  /** Failures that the store could not take; these jobs wait for the user. */
  const unstored = views.unstoredFailures;
  let version = 0;
  let wakeUp: () => void = () => undefined;
  let running: { id: string; abort: AbortController } | null = null;

  const wake = () => {
    version += 1;
    wakeUp();
    void views.refresh();
  };

  const stopListening = repository.onChange((change) => {
    if (change.kind !== 'jobs' && change.kind !== 'transcripts') return;
    wake();
    const mine = running;
    if (mine && change.kind === 'jobs' && (change.id === null || change.id === mine.id))
      void repository.getJob(mine.id).then(
        (job) => {
          if (job?.intent !== 'queued') mine.abort.abort();
        },
        () => undefined, // the store is away: the next batch will say so
      );
  });

  const findNext = async () => {
    for (const job of await repository.listJobs()) {
      if (job.intent !== 'queued' || unstored.has(job.id)) continue;
      const source = await sources.get(job.id);
      if (source) return { job, source };
    }
    return findSecondPass();
  };

  /** A finished job whose better model is here now: nothing that has no text yet waits for it. */
  const findSecondPass = async () => {
    for (const { id, intent, options } of await repository.listJobs()) {
      const later = intent === 'done' ? options?.laterModelId : undefined;
      if (later === undefined || !(await repository.isModelInUse(later))) continue;
      const source = await sources.get(id);
      if (!source) continue;
      await repository.beginSecondPass(id);
      const job = await repository.getJob(id);
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
      const end = await runJob({ job, source: source.blob, stages, repository, view, signal });
      if (end === 'done' && !(await isToBeReadAgain(job.id))) sources.release(job.id);
    } catch (error) {
      // whatever breaks while the user stops the job is not the job's failure
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
    (await repository.getJob(id))?.options?.laterModelId !== undefined;

  /** Whether a whole copy takes the place of a file that is no more; else it is asked for. */
  const canGoOn = async (id: string, wasKept: boolean, error: unknown) => {
    if (wasKept || !isAppError(error) || error.code !== 'SOURCE_GONE') return false;
    sources.discard(id);
    return (await sources.get(id)) !== null;
  };

  const fail = async (id: string, error: AppError) => {
    console.warn(`Job ${id} failed: ${error.code}`, error.message);
    const failure = toJobError(error);
    try {
      const job = await repository.getJob(id);
      if (job?.isSecondPass && error.code !== 'NO_SPEECH') {
        // there is a text: it stays as it is
        await repository.stopSecondPass(id, failure);
        return;
      }
      await repository.updateJob(id, (job) =>
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
