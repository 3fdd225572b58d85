import type { LeasedJob } from '@/lib/contracts';
import { AppError, delay, isAbort, toAppError } from '@/lib/core';
import { sealSegments } from '@/lib/sealing';
import type { AppClient } from './app-client';
import {
  BEGINNING,
  type Progress,
  requireSpeech,
  type TranscribedBatch,
  type TranscribedEnd,
} from './transcribe-source';

/** How long the app is asked to wait for a job. */
const WAIT_MS = 10_000;
/** Pause after the app could not be reached. */
const PAUSE_MS = 5_000;
/** How long a stopped worker may take to give its job back. */
const GIVE_BACK_MS = 3_000;
/** A lease is extended after this share of it. */
const EXTEND_AT = 1 / 3;

/** Recordings that fail with these codes would fail with every worker. */
const FINAL =
  /^(DECODE_|SOURCE_EMPTY|SOURCE_GONE|SOURCE_UNREADABLE|NO_SPEECH|NOT_FOUND|BAD_REQUEST|MODEL_NOT_INSTALLED)/;

/** Transcribes one source from where an earlier worker stopped. */
export type Transcriber = (
  source: Blob,
  from: Progress,
  onBatch: (batch: TranscribedBatch) => Promise<void>,
  signal: AbortSignal,
) => Promise<TranscribedEnd>;

/** Takes jobs, one at a time, until the signal fires. @param report called with a line for each event */
export async function workLoop(
  client: AppClient,
  transcribe: Transcriber,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    let job: LeasedJob | null = null;
    try {
      job = await client.lease(WAIT_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      report(toAppError(error).message);
      await delay(PAUSE_MS, signal).catch(() => undefined);
    }
    if (job) await workOn(job, client, transcribe, report, signal);
  }
}

async function workOn(
  job: LeasedJob,
  client: AppClient,
  transcribe: Transcriber,
  report: (line: string) => void,
  stopped: AbortSignal,
): Promise<void> {
  const lost = new AbortController();
  const signal = AbortSignal.any([stopped, lost.signal]);
  const extending = setInterval(() => {
    client.extend(job, signal).catch((error: unknown) => {
      // others that fail are tried again with the next one
      if (toAppError(error).code === 'SYNC_CONFLICT') lost.abort();
    });
  }, job.leaseMs * EXTEND_AT);
  try {
    const from = job.progress === null ? BEGINNING : (JSON.parse(job.progress) as Progress);
    const { id, sealTo } = job;
    const onBatch = async ({ segments, progress }: TranscribedBatch) => {
      const ordinal = progress.batches - 1;
      const stored =
        sealTo === null ? segments : await sealSegments(sealTo, { jobId: id, ordinal }, segments);
      const batch = { ordinal, segments: stored, progress: JSON.stringify(progress) };
      await client.storeBatch(job, batch, signal);
    };
    const { hasSpeech, ...end } = await transcribe(
      client.source(job, signal),
      from,
      onBatch,
      signal,
    );
    requireSpeech(hasSpeech, end.durationMs);
    await client.finish(job, end, signal);
    report(`${job.name}: done, ${(end.durationMs / 1000).toFixed(0)} s.`);
  } catch (error) {
    await giveBack(job, client, stopped, toAppError(error), report);
  } finally {
    clearInterval(extending);
  }
}

async function giveBack(
  job: LeasedJob,
  client: AppClient,
  stopped: AbortSignal,
  error: AppError,
  report: (line: string) => void,
): Promise<void> {
  // another worker has it
  if (error.code === 'SYNC_CONFLICT' || (isAbort(error) && !stopped.aborted)) {
    report(`${job.name}: the lease is over.`);
    return;
  }
  const failure = stopped.aborted ? new AppError('ABORTED', 'The worker was stopped.') : error;
  report(`${job.name}: ${failure.message}`);
  try {
    // stopping waits for this; a job that cannot be given back becomes free when its lease expires
    const signal = stopped.aborted ? AbortSignal.timeout(GIVE_BACK_MS) : stopped;
    await client.fail(job, failure, !stopped.aborted && FINAL.test(error.code), signal);
  } catch (cause) {
    // the lease will expire
    report(toAppError(cause).message);
  }
}
