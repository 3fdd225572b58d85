import 'server-only';
import { and, eq, isNotNull, lte, or, sql } from 'drizzle-orm';
import { isAppError, toAppError } from '@/lib/core';
import { database, trainingRuns } from '@/lib/server/db';
import { log, processSingleton, serverEnv } from '@/lib/server/process';
import { moveRun } from './move-run';
import { rayTrainer } from './ray';
import type { RunRow } from './run-token';
import type { Trainer } from './trainer';
import { webhookTrainer } from './webhook';

/** The wait before the second try, and the longest between two, in s. The first is longer than a try takes. */
const FIRST_RETRY_S = 30;
const LONGEST_RETRY_S = 3_600;

/** About a day. */
const MAX_TRIES = 30;

/** Between two looks at a job that does not report by itself, in s. */
const LOOK_S = 60;

const MESSAGE_CHARS = 300;

/** A run with something to be delivered, or a job that is to be checked. */
const isOpen = or(
  isNotNull(trainingRuns.pending),
  and(eq(trainingRuns.engine, 'ray'), sql`${trainingRuns.state} in ('sent', 'running')`),
);

/**
 * Takes the runs that are due. Taking one puts it off until the next try, so that of several instances
 * one takes it, and an instance that dies on the way has only cost that time.
 */
async function takeDue(): Promise<RunRow[]> {
  const { db } = await database();
  const retryS = sql`least(${LONGEST_RETRY_S}::float8, ${FIRST_RETRY_S}::float8 * power(2, ${trainingRuns.tries}))`;
  return db
    .update(trainingRuns)
    .set({
      tries: sql`case when ${trainingRuns.pending} is null then 0 else ${trainingRuns.tries} + 1 end`,
      dueAt: sql`now() + make_interval(secs => case when ${trainingRuns.pending} is null then ${LOOK_S}::float8 else ${retryS} end)`,
    })
    .where(and(isOpen, lte(trainingRuns.dueAt, sql`now()`)))
    .returning();
}

/** Notifies the trainer of what is due, and looks at jobs; plans the next time. */
export async function deliverDue(): Promise<void> {
  const { training } = serverEnv();
  if (!training) return;
  const trainers = { webhook: webhookTrainer(training), ray: rayTrainer(training) };
  for (const run of await takeDue()) {
    if (run.engine === training.engine) await attempt(trainers[run.engine], run);
    // the operator has turned to another engine meanwhile
    else await giveUp(run, 'This server no longer uses the service that this run was for.');
  }
  await planNext();
}

async function attempt(trainer: Trainer, run: RunRow): Promise<void> {
  try {
    if (run.pending === 'start') {
      const { logsUrl } = await trainer.start(run);
      await moveRun(run, 'sent', { message: null, ...(logsUrl !== null && { logsUrl }) });
    } else if (run.pending === 'cancel') {
      await trainer.cancel(run);
      await notifyTrainer(run);
    } else await look(trainer, run);
  } catch (error) {
    const { code, message } = toAppError(error);
    log('warn', 'training.not_delivered', { run: run.id, tries: run.tries, code, message });
    if (!isAppError(error)) throw error;
    const mayPass = code === 'SERVER_BUSY' && run.tries < MAX_TRIES;
    if (!mayPass) await giveUp(run, message);
    else if (run.pending === 'start') await note(run, message);
  }
}

async function look(trainer: Trainer, run: RunRow): Promise<void> {
  if (!trainer.look) return;
  const { state, message } = await trainer.look(run);
  const said = message?.slice(0, MESSAGE_CHARS) ?? null;
  if (state === 'running') await moveRun(run, 'running');
  else if (state === 'failed') await moveRun(run, 'failed', { message: said });
  else if (state === 'stopped') await moveRun(run, 'cancelled', { message: said });
  // a job reports its model before it ends
  else if (state === 'succeeded')
    await moveRun(run, 'failed', { message: 'The job ended without reporting a model.' });
  else await moveRun(run, 'failed', { message: 'The cluster does not know the job any more.' });
}

async function giveUp(run: RunRow, message: string): Promise<void> {
  if (run.pending === 'cancel') await notifyTrainer(run);
  else await moveRun(run, 'failed', { message: message.slice(0, MESSAGE_CHARS) });
}

const thisStart = (run: RunRow) =>
  and(eq(trainingRuns.id, run.id), eq(trainingRuns.delivery, run.delivery));

async function notifyTrainer(run: RunRow): Promise<void> {
  const { db } = await database();
  await db
    .update(trainingRuns)
    .set({ pending: null })
    .where(and(thisStart(run), eq(trainingRuns.pending, 'cancel')));
}

async function note(run: RunRow, message: string): Promise<void> {
  const { db } = await database();
  await db
    .update(trainingRuns)
    .set({ message: message.slice(0, MESSAGE_CHARS) })
    .where(and(thisStart(run), eq(trainingRuns.state, 'waiting')));
}

const planned = () =>
  processSingleton('training-delivery', () => ({
    timer: null as NodeJS.Timeout | null,
    isHeld: false,
  }));

/** Delivers at the time at which the next run is due. Where no timer lives any more the sweep does it. */
async function planNext(): Promise<void> {
  const { db } = await database();
  const [row] = await db
    .select({
      inS: sql<number | null>`extract(epoch from min(${trainingRuns.dueAt}) - now())::float8`,
    })
    .from(trainingRuns)
    .where(isOpen);
  if (row?.inS != null) deliverIn(Math.max(0, row.inS * 1000));
}

function deliverIn(ms: number): void {
  const plan = planned();
  if (plan.isHeld) return;
  if (plan.timer) clearTimeout(plan.timer);
  plan.timer = setTimeout(() => {
    plan.timer = null;
    deliverDue().catch((error: unknown) => {
      const { code, message } = toAppError(error);
      log('warn', 'training.not_delivered_yet', { code, message });
    });
  }, ms).unref();
}

/** Notifies the trainer of what is due in a moment, without keeping the caller waiting. */
export function deliverSoon(): void {
  deliverIn(0);
}

/** Leaves what is due to the sweep: for tests, whose database ends with them. */
export function cancelPlannedDelivery(): void {
  const plan = planned();
  if (plan.timer) clearTimeout(plan.timer);
  plan.timer = null;
}

/**
 * Leaves delivery to those who call `deliverDue`: for tests that look at what is not delivered yet.
 * @returns ends that
 */
export function holdDelivery(): () => void {
  const plan = planned();
  cancelPlannedDelivery();
  plan.isHeld = true;
  return () => {
    plan.isHeld = false;
  };
}
