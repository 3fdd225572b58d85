import { inject, onTestFinished } from 'vitest';
import { database } from '@/lib/server/db';
import { forgetSingleton, processSingleton } from '@/lib/server/process';
import { scratchName } from '@/lib/server/testing/test-backends';
import { databaseFeed } from './feed';
import { jetstreamFeed } from './jetstream-feed';
import type { NewJob } from './jobs';
import { WorkQueue } from './work-queue';

export type QueueKind = 'database' | 'JetStream';

/** Whether this run has PostgreSQL and NATS. */
export const hasServices = inject('serverBackends').kind === 'services';

/** Where jobs wait, of what this run has. */
export const QUEUES: readonly QueueKind[] = hasServices ? ['database', 'JetStream'] : ['database'];

/** Puts an empty queue in the place of the process's own, for one test. */
export function withQueue(kind: QueueKind, leaseMs: number): WorkQueue {
  const backends = inject('serverBackends');
  const natsUrl = backends.kind === 'services' ? backends.natsUrl : '';
  const queue = new WorkQueue(
    kind === 'database'
      ? databaseFeed()
      : jetstreamFeed(`${natsUrl}/${scratchName('work')}`, leaseMs),
    leaseMs,
  );
  forgetSingleton('work-queue');
  processSingleton('work-queue', () => queue);
  onTestFinished(async () => {
    forgetSingleton('work-queue');
    await queue.close();
  });
  return queue;
}

/** A job of the team's. @param number distinguishes it */
export function newJob(number: number): NewJob {
  return {
    id: number.toString(16).padStart(64, '0'),
    ownerId: null,
    name: `recording ${number}.wav`,
    source: { key: `inbox/${number}.wav`, etag: String(number), sizeBytes: 1000 },
  };
}

/** All rows of jobs and batches. */
export async function everything() {
  const { db } = await database();
  return {
    jobs: await db.query.workJobs.findMany(),
    batches: await db.query.workBatches.findMany(),
  };
}
