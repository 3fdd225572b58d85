import 'server-only';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { RUN_STATES, type RunState } from '@/lib/contracts';
import { database, trainingRuns } from '@/lib/server/db';
import type { RunRow } from './run-token';

export const FINAL_STATES: RunState[] = ['done', 'failed', 'cancelled'];

/** The states from which a run may come to `to`: it never goes backwards, and what is final stays. */
function statesBefore(to: RunState): RunState[] {
  const before = RUN_STATES.slice(0, RUN_STATES.indexOf(to) + 1);
  return before.filter((state) => !FINAL_STATES.includes(state));
}

/**
 * Moves a run on, never backwards, and only the start that is meant.
 * @returns how the run stands then; `null` when it has ended, was started again, or is further already
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
