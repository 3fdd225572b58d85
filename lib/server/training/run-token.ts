import 'server-only';
import { createHmac } from 'node:crypto';
import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import { AppError } from '@/lib/core';
import { database, databaseExists, trainingRuns } from '@/lib/server/db';
import { isSameSecret, serverEnv } from '@/lib/server/process';

export type RunRow = typeof trainingRuns.$inferSelect;

/**
 * What a run's requests are let in by. It is derived, so that a copy of the database opens nothing;
 * a run that is started again has another one.
 */
export function runToken(secret: string, delivery: string): string {
  return createHmac('sha256', secret).update(`training run ${delivery}`).digest('base64url');
}

/** A sign of life is noted when the last one is so old, in s: a job fetches thousands of clips. */
const NOTED_EVERY_S = 60;

/**
 * The run that a request speaks for; the request is a sign of life.
 * @throws NOT_FOUND for an unknown run and for a wrong token alike
 */
export async function authorizedRun(id: string, headers: Headers): Promise<RunRow> {
  const hidden = () => new AppError('NOT_FOUND', 'There is nothing here.');
  const { training } = serverEnv();
  const bearer = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (!training || bearer === undefined || !databaseExists()) throw hidden();
  const { db } = await database();
  const [run] = await db.select().from(trainingRuns).where(eq(trainingRuns.id, id));
  if (!run || !isSameSecret(bearer, runToken(training.secret, run.delivery))) throw hidden();
  await db
    .update(trainingRuns)
    .set({ heardAt: sql`now()` })
    .where(
      and(
        eq(trainingRuns.id, id),
        inArray(trainingRuns.state, ['sent', 'running']),
        lt(trainingRuns.heardAt, sql`now() - make_interval(secs => ${NOTED_EVERY_S})`),
      ),
    );
  return run;
}
