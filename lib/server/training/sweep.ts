import 'server-only';
import { and, inArray, lt, sql } from 'drizzle-orm';
import { database, trainingRuns } from '@/lib/server/db';
import { log, serverEnv } from '@/lib/server/process';
import { deliverDue } from './deliver';
import { startDueRun } from './runs';

/** Gives up silent runs, starts the run that a process which died has not, and delivers what is due. */
export async function sweepTraining(): Promise<void> {
  await failSilentRuns();
  await startDueRun();
  await deliverDue();
}

/**
 * Gives up runs that were handed over and have been silent for too long: the trainer
 * has died, or cannot reach this server. It is still asked to stop, in case it lives.
 */
async function failSilentRuns(): Promise<void> {
  const { training } = serverEnv();
  if (!training) return;
  const { db } = await database();
  const silent = await db
    .update(trainingRuns)
    .set({
      state: 'failed',
      failure: 'silent',
      message: null,
      endedAt: sql`now()`,
      pending: 'cancel',
      tries: 0,
      dueAt: sql`now()`,
    })
    .where(
      and(
        inArray(trainingRuns.state, ['sent', 'running']),
        lt(
          trainingRuns.heardAt,
          sql`now() - ${training.silenceMs}::float8 * interval '1 millisecond'`,
        ),
      ),
    )
    .returning({ id: trainingRuns.id });
  for (const { id } of silent) log('warn', 'training.silent', { run: id });
}
