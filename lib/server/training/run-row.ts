import 'server-only';
import { createHmac } from 'node:crypto';
import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import { RUN_STATES, type RunState } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { database, databaseExists, trainingRuns } from '@/lib/server/db';
import { isSameSecret, serverEnv } from '@/lib/server/process';

export type RunRow = typeof trainingRuns.$inferSelect;

/**
 * The token that a run's requests present. It is derived, not stored, so that a copy of the database opens
 * nothing; a run that is started again gets a new one.
 */
export function runToken(secret: string, delivery: string): string {
  return createHmac('sha256', secret).update(`training run ${delivery}`).digest('base64url');
}

/** Minimum interval between recorded signs of life, in s: a job fetches thousands of clips. */
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

export const FINAL_STATES: RunState[] = ['done', 'failed', 'cancelled'];

/** The states from which a run may move to `to`: it never goes backwards, and final states stay. */
function statesBefore(to: RunState): RunState[] {
  const before = RUN_STATES.slice(0, RUN_STATES.indexOf(to) + 1);
  return before.filter((state) => !FINAL_STATES.includes(state));
}

/**
 * Advances a run, never backwards, and only if `delivery` is still its current start.
 * @returns the updated run; `null` when it has ended, was started again, or is further already
 */
export async function moveRun(
  { id, delivery }: Pick<RunRow, 'id' | 'delivery'>,
  to: RunState,
  more: Partial<RunRow> = {},
): Promise<RunRow | null> {
  const { db } = await database();
  const isEnd = FINAL_STATES.includes(to);
  const [row] = await db
    .update(trainingRuns)
    .set({
      heardAt: sql`now()`,
      ...more,
      state: to,
      pending: null,
      ...(isEnd && { endedAt: sql`now()` }),
    })
    .where(
      and(
        eq(trainingRuns.id, id),
        eq(trainingRuns.delivery, delivery),
        inArray(trainingRuns.state, statesBefore(to)),
      ),
    )
    .returning();
  return row ?? null;
}
