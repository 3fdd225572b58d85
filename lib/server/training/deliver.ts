import 'server-only';
import { createHmac } from 'node:crypto';
import { and, eq, isNotNull, lte, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { AppError, isAppError, plainText, toAppError } from '@/lib/core';
import { database, trainingRuns } from '@/lib/server/db';
import { log, scheduler, serverEnv, type TrainingSettings } from '@/lib/server/process';
import { moveRun, type RunRow } from './run-row';
import { askTrainer, type JobState, jobOf, type Trainer } from './trainer';

/** The headers of Standard Webhooks (standardwebhooks.com); the secret's characters are the key. */
export function signedHeaders(
  secret: string,
  { id, timestampS, body }: { id: string; timestampS: number; body: string },
): Record<string, string> {
  const signed = `${id}.${timestampS}.${body}`;
  const signature = createHmac('sha256', secret).update(signed).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestampS),
    'webhook-signature': `v1,${signature}`,
  };
}

/** A program that takes signed requests and reports by itself. */
function webhookTrainer(settings: TrainingSettings): Trainer {
  const send = async (run: RunRow, id: string, type: string, data: object) => {
    const body = JSON.stringify({ type, timestamp: run.createdAt.toISOString(), data });
    const timestampS = Math.floor(Date.now() / 1000);
    const headers = signedHeaders(settings.secret, { id, timestampS, body });
    const { status } = await askTrainer(settings.url, { method: 'POST', headers, body });
    if (status < 200 || status > 299)
      throw new AppError('BAD_REQUEST', `The trainer refused the request with ${status}.`);
  };
  return {
    async start(run) {
      await send(run, run.delivery, 'training.start', jobOf(run, settings));
      return { logsUrl: null };
    },
    async cancel(run) {
      await send(run, `${run.delivery}-cancel`, 'training.cancel', { run: run.id });
    },
    look: null,
  };
}

/** What we read of a job; https://docs.ray.io/en/latest/cluster/running-applications/job-submission/api.html */
const jobSchema = z.looseObject({ status: z.string(), message: z.string().nullish() });

const STATES: Record<string, JobState> = {
  PENDING: 'waiting',
  RUNNING: 'running',
  STOPPED: 'stopped',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
};

/** A Ray cluster, by the REST API of its jobs. A job is named by its run's start, so that it is made once. */
function rayTrainer(settings: TrainingSettings): Trainer {
  const jobs = `${settings.url}/api/jobs/`;
  const nameOf = ({ delivery }: RunRow) => `ai2text-${delivery}`;
  const headers: Record<string, string> =
    settings.rayToken === null ? {} : { authorization: `Bearer ${settings.rayToken}` };

  /** `refused`: what it means when the token is not taken. */
  const find = async (run: RunRow, refused: 'BAD_REQUEST' | 'SERVER_BUSY') => {
    const { status, text } = await askTrainer(`${jobs}${nameOf(run)}`, { method: 'GET', headers });
    if (status === 404) return null;
    if (status === 401 || status === 403)
      throw new AppError(refused, `Ray refused TRAINING_RAY_TOKEN with ${status}.`);
    const job = status === 200 ? jobSchema.safeParse(parsed(text)) : null;
    if (!job?.success)
      throw new AppError('SERVER_BUSY', `Ray answered ${status} to a question after a job.`);
    return job.data;
  };

  return {
    async start(run) {
      const logsUrl = `${settings.url}/#/jobs/${nameOf(run)}`;
      // Ray answers 500 to a name that it has: the try before may have made the job without our hearing of it
      if (await find(run, 'BAD_REQUEST')) return { logsUrl };
      const { status } = await askTrainer(jobs, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          entrypoint: settings.rayEntrypoint,
          submission_id: nameOf(run),
          runtime_env: { env_vars: { AI2TEXT_JOB: JSON.stringify(jobOf(run, settings)) } },
          metadata: { run: run.id, version: `v${run.version}` },
        }),
      });
      if (status !== 200) throw new AppError('BAD_REQUEST', `Ray refused the job with ${status}.`);
      return { logsUrl };
    },
    async cancel(run) {
      const stop = `${jobs}${nameOf(run)}/stop`;
      const { status } = await askTrainer(stop, { method: 'POST', headers });
      if (status !== 200 && status !== 404)
        throw new AppError('BAD_REQUEST', `Ray refused to stop the job with ${status}.`);
    },
    async look(run) {
      // the job goes on, whoever may ask after it
      const job = await find(run, 'SERVER_BUSY');
      return { state: (job && STATES[job.status]) ?? 'unknown', message: job?.message ?? null };
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Delay before the second attempt, and the longest delay, in s. The first is longer than an attempt takes. */
const FIRST_RETRY_S = 30;
const LONGEST_RETRY_S = 3_600;

/** About a day. */
const MAX_TRIES = 30;

/** How often a job that does not report by itself is polled, in s. */
const LOOK_S = 60;

/** Length of a message, and of its beginning if the middle is left out. */
const MESSAGE_CHARS = 300;
const MESSAGE_HEAD_CHARS = 60;

/** A run with something to be delivered, or a job that is to be checked. */
const isOpen = or(
  isNotNull(trainingRuns.pending),
  and(eq(trainingRuns.engine, 'ray'), sql`${trainingRuns.state} in ('sent', 'running')`),
);

/**
 * Takes the runs that are due. This also schedules their next attempt, so that only one of several instances takes
 * a run, and an instance that dies costs no more than that delay.
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

/** Delivers what is due to the trainer, polls jobs, and schedules the next delivery. */
export async function deliverDue(): Promise<void> {
  const { training } = serverEnv();
  if (!training) return;
  const trainers = { webhook: webhookTrainer(training), ray: rayTrainer(training) };
  for (const run of await takeDue()) {
    if (run.engine === training.engine) await attempt(trainers[run.engine], run);
    // the operator has switched to another engine
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
  const said = message === null ? null : plainText(shortened(message));
  // a job that waits for its turn is a sign of life, too
  if (state === 'waiting') await moveRun(run, 'sent');
  else if (state === 'running') await moveRun(run, 'running');
  else if (state === 'failed') await moveRun(run, 'failed', { message: said });
  else if (state === 'stopped') await moveRun(run, 'cancelled', { message: said });
  // a job reports its model before it ends
  else if (state === 'succeeded')
    await moveRun(run, 'failed', { message: 'The job ended without reporting a model.' });
  else await moveRun(run, 'failed', { message: 'The cluster does not know the job any more.' });
}

/** Keeps the beginning, which says what happened, and the end: the last log lines, which say why. */
function shortened(message: string): string {
  if (message.length <= MESSAGE_CHARS) return message;
  return `${message.slice(0, MESSAGE_HEAD_CHARS)} … ${message.slice(MESSAGE_HEAD_CHARS + 3 - MESSAGE_CHARS)}`;
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

/** Schedules a delivery for when the next run is due. If the process ends before, the sweep does it. */
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
  scheduler().plan('training-delivery', ms, async () => {
    try {
      await deliverDue();
    } catch (error) {
      const { code, message } = toAppError(error);
      log('warn', 'training.not_delivered_yet', { code, message });
    }
  });
}

/** Delivers what is due in a moment, without making the caller wait. */
export function deliverSoon(): void {
  deliverIn(0);
}
