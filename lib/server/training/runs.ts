import 'server-only';
import { and, desc, eq, gt, inArray, isNull, lt, lte, notInArray, sql } from 'drizzle-orm';
import { type DatasetVersion, runSchema, type Training, type TrainingRun } from '@/lib/contracts';
import { AppError, newId, toAppError } from '@/lib/core';
import { continuePublishing, isPublishing, publishedVersions } from '@/lib/server/dataset';
import { database, datasetEntries, trainingRuns } from '@/lib/server/db';
import { readShelf, setDefaultModel } from '@/lib/server/models';
import { log, scheduler, serverEnv } from '@/lib/server/process';
import { deliverDue, deliverSoon } from './deliver';
import { FINAL_STATES, type RunRow } from './run-row';

/** Runs in the list. */
const SHOWN = 50;

const notFound = () => new AppError('NOT_FOUND', 'There is no such training run.');

function requireTraining() {
  const { training } = serverEnv();
  if (!training)
    throw new AppError(
      'BAD_REQUEST',
      'Nobody trains for this server: set TRAINING_WEBHOOK_URL or TRAINING_RAY_URL.',
    );
  return training;
}

async function shown(row: RunRow): Promise<TrainingRun> {
  const { defaultModelId } = await readShelf();
  return runOf(row, defaultModelId);
}

function runOf(row: RunRow, defaultModelId: string | null): TrainingRun {
  const { id, engine, state, newMs, progress, message, failure, logsUrl, scores, modelId } = row;
  return runSchema.parse({
    ...{ id, engine, state, newMs, progress, message, failure, logsUrl, scores, modelId },
    version: `v${row.version}`,
    isDefault: modelId !== null && modelId === defaultModelId,
    heardAt: row.heardAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  });
}

/** Who trains, and the runs, newest first. */
export async function listTraining(): Promise<Training> {
  const { training } = serverEnv();
  const { db } = await database();
  const rows = await db
    .select()
    .from(trainingRuns)
    .orderBy(desc(trainingRuns.version))
    .limit(SHOWN);
  const { defaultModelId } = await readShelf();
  return {
    engine: training?.engine ?? null,
    startsAtMs: training?.startsAtMs ?? null,
    runs: rows.map((row) => runOf(row, defaultModelId)),
  };
}

/** What `version` has that no earlier run's version had, in ms. */
async function newSpeech(version: number): Promise<number> {
  const { db } = await database();
  const [last] = await db
    .select({ version: sql<number>`coalesce(max(${trainingRuns.version}), 0)::int` })
    .from(trainingRuns)
    .where(lte(trainingRuns.version, version - 1));
  const { durationMs, firstVersion, withdrawnAt } = datasetEntries;
  const [row] = await db
    .select({ sumMs: sql<number>`coalesce(sum(${durationMs}), 0)::float8` })
    .from(datasetEntries)
    .where(
      and(isNull(withdrawnAt), gt(firstVersion, last?.version ?? 0), lte(firstVersion, version)),
    );
  return row?.sumMs ?? 0;
}

/** Makes the run of a version, unless it has one. The unique version makes sure that there is one only. */
async function insertRun(version: number, newMs: number): Promise<boolean> {
  const { engine } = requireTraining();
  const { db } = await database();
  const made = await db
    .insert(trainingRuns)
    .values({ version, newMs, engine, state: 'waiting', pending: 'start' })
    .onConflictDoNothing({ target: trainingRuns.version })
    .returning({ id: trainingRuns.id });
  return made.length > 0;
}

/**
 * Starts the run of the newest version when enough has come since the run before. Called now and
 * then, too: the process that published it may have died before this.
 */
export async function startDueRun(): Promise<void> {
  const { training } = serverEnv();
  if (!training || training.startsAtMs === null) return;
  const [newest] = await publishedVersions();
  if (!newest) return;
  const version = Number(newest.name.slice(1));
  const newMs = await newSpeech(version);
  if (newMs < training.startsAtMs) return;
  if (await insertRun(version, newMs)) deliverSoon();
}

/** The same right after publishing, which its failure does not concern: the sweep does it then. */
async function startRunAfterPublishing(): Promise<void> {
  try {
    await startDueRun();
  } catch (error) {
    const { code, message } = toAppError(error);
    log('warn', 'training.not_started_yet', { code, message });
  }
}

/**
 * Starts the run of a version by hand; one that it has already is answered as it stands.
 * @throws NOT_FOUND for a version that was not published; BAD_REQUEST when nobody trains
 */
export async function startRun(name: string): Promise<TrainingRun> {
  requireTraining();
  const versions = await publishedVersions();
  if (!versions.some((version) => version.name === name))
    throw new AppError('NOT_FOUND', 'There is no such version.');
  const version = Number(name.slice(1));
  if (await insertRun(version, await newSpeech(version))) deliverSoon();
  const { db } = await database();
  const [row] = await db.select().from(trainingRuns).where(eq(trainingRuns.version, version));
  if (!row) throw notFound();
  return shown(row);
}

/**
 * Does what the owner wants with a run. What is so already stays so.
 * @throws NOT_FOUND; BAD_REQUEST for what cannot be done with a run that stands as it does
 */
export async function actOnRun(
  id: string,
  action: 'cancel' | 'retry' | 'use' | 'use-previous',
): Promise<TrainingRun> {
  const { db } = await database();
  const [run] = await db.select().from(trainingRuns).where(eq(trainingRuns.id, id));
  if (!run) throw notFound();
  if (action === 'cancel') await cancel(run);
  else if (action === 'retry') await startAgain(run);
  else await choose(run, action === 'use');
  const [after] = await db.select().from(trainingRuns).where(eq(trainingRuns.id, id));
  if (!after) throw notFound();
  return shown(after);
}

async function cancel({ id }: RunRow): Promise<void> {
  const { db } = await database();
  await db
    .update(trainingRuns)
    .set({
      state: 'cancelled',
      endedAt: sql`now()`,
      message: null,
      // a start on its way may have arrived, so that the trainer is notified in any case but this one
      pending: sql`case when ${trainingRuns.state} = 'waiting' and ${trainingRuns.tries} = 0 then null else 'cancel' end`,
      tries: 0,
      dueAt: sql`now()`,
    })
    .where(and(eq(trainingRuns.id, id), notInArray(trainingRuns.state, FINAL_STATES)));
  deliverSoon();
}

async function startAgain({ id, state }: RunRow): Promise<void> {
  const { engine } = requireTraining();
  if (state === 'done') throw new AppError('BAD_REQUEST', 'This run has made its model.');
  const { db } = await database();
  await db
    .update(trainingRuns)
    .set({
      engine,
      state: 'waiting',
      pending: 'start',
      // what the earlier start still reports is no longer let in
      delivery: newId(),
      tries: 0,
      dueAt: sql`now()`,
      progress: null,
      message: null,
      failure: null,
      logsUrl: null,
      endedAt: null,
    })
    .where(and(eq(trainingRuns.id, id), inArray(trainingRuns.state, ['failed', 'cancelled'])));
  deliverSoon();
}

/** Makes the run's model the server's default, or puts the one before it back. */
async function choose({ id, modelId, replacedModelId }: RunRow, use: boolean): Promise<void> {
  if (modelId === null) throw new AppError('BAD_REQUEST', 'This run has no model yet.');
  const { defaultModelId } = await readShelf();
  if ((defaultModelId === modelId) === use) return;
  if (!use) {
    const { models } = await readShelf();
    const isThere = models.some((model) => model.id === replacedModelId);
    return setDefaultModel(isThere ? replacedModelId : null);
  }
  const { db } = await database();
  await db
    .update(trainingRuns)
    .set({ replacedModelId: defaultModelId })
    .where(eq(trainingRuns.id, id));
  await setDefaultModel(modelId);
}

/** Delay before a version that was interrupted, or that another process is writing, is checked again, in ms. */
const AGAIN_MS = 60_000;

const PLAN = 'dataset-publishing';

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
export async function publishInBackground(): Promise<void> {
  try {
    await publishThenTrain();
  } catch (error) {
    const { code, message } = toAppError(error);
    log('warn', 'dataset.not_published_yet', { code, message });
  }
}

function planAgain(): void {
  if (!scheduler().isPlanned(PLAN)) scheduler().plan(PLAN, AGAIN_MS, publishInBackground);
}

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
