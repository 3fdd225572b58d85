import 'server-only';
import type { DatasetVersion } from '@/lib/contracts';
import { toAppError } from '@/lib/core';
import { continuePublishing, isPublishing } from '@/lib/server/dataset';
import { log, processSingleton } from '@/lib/server/process';
import { startRunAfterPublishing } from './runs';

/** Before a version that was interrupted, or that another process was writing, is looked at again, in ms. */
const AGAIN_MS = 60_000;

/**
 * Writes the version that was asked for, if there is one, and starts the training run that it makes due.
 * What cannot be finished now is tried again a minute later.
 * @returns `null` when none is to be written, or another process does it
 * @throws SERVER_BUSY when a service fails
 */
export async function publishThenTrain(): Promise<DatasetVersion | null> {
  let version: DatasetVersion | null;
  try {
    version = await continuePublishing();
  } catch (error) {
    planAgain();
    throw error;
  }
  if (version) await startRunAfterPublishing();
  // another process may die with it
  else if (await isPublishing()) planAgain();
  return version;
}

/** The same without a caller that waits for it. */
export function publishInBackground(): void {
  publishThenTrain().catch((error: unknown) => {
    const { code, message } = toAppError(error);
    log('warn', 'dataset.not_published_yet', { code, message });
  });
}

function planAgain(): void {
  const plan = processSingleton('dataset-publishing-again', () => ({
    timer: null as NodeJS.Timeout | null,
  }));
  plan.timer ??= setTimeout(() => {
    plan.timer = null;
    publishInBackground();
  }, AGAIN_MS).unref();
}
