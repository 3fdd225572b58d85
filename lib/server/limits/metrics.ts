import 'server-only';
import { isNull } from 'drizzle-orm';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { AppError, toAppError, withTimeout } from '@/lib/core';
import { database, datasetBadLines, datasetEntries, openDatabase } from '@/lib/server/db';
import { log, processSingleton } from '@/lib/server/process';
import { workStats } from '@/lib/server/queue';

/** Upper ends of the durations that are distinguished, in s. */
const DURATIONS_S = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

/** The longest that a page waits for the database, in ms: Prometheus gives up after 10 s. */
const COUNTING_MS = 2_500;

interface Metrics {
  registry: Registry;
  requests: Counter<'route' | 'status'>;
  durations: Histogram<'route'>;
  refusals: Counter<'limit'>;
  followers: Gauge;
  jobs: Gauge<'state'>;
  workers: Gauge;
  oldestWaiting: Gauge;
  datasetLines: Gauge<'state'>;
  clips: Counter<'outcome'>;
}

function metrics(): Metrics {
  return processSingleton('metrics', () => {
    const registry = new Registry();
    const registers = [registry];
    collectDefaultMetrics({ register: registry });
    new Gauge({
      name: 'ai2text_database_connections',
      help: 'Connections to the database that are open or idle, and requests waiting for one.',
      labelNames: ['state'],
      registers,
      collect() {
        // asked for metrics, a process that has no database open does not open one
        const stats = openDatabase()?.stats() ?? { open: 0, idle: 0, waiting: 0 };
        for (const [state, count] of Object.entries(stats)) this.set({ state }, count);
      },
    });
    return {
      registry,
      requests: new Counter({
        name: 'ai2text_requests_total',
        help: 'Answered requests, by route and status.',
        labelNames: ['route', 'status'],
        registers,
      }),
      durations: new Histogram({
        name: 'ai2text_request_duration_seconds',
        help: 'Time until an answer began, by route.',
        labelNames: ['route'],
        buckets: DURATIONS_S,
        registers,
      }),
      refusals: new Counter({
        name: 'ai2text_rate_limited_total',
        help: 'Tries refused because there were too many, by limit.',
        labelNames: ['limit'],
        registers,
      }),
      followers: new Gauge({
        name: 'ai2text_live_followers',
        help: 'Streams of live text that are open.',
        registers,
      }),
      jobs: new Gauge({
        name: 'ai2text_work_jobs',
        help: 'Recordings for workers, by state.',
        labelNames: ['state'],
        registers,
      }),
      workers: new Gauge({
        name: 'ai2text_workers',
        help: 'Workers that have asked for work in the last two minutes.',
        registers,
      }),
      oldestWaiting: new Gauge({
        name: 'ai2text_work_oldest_waiting_seconds',
        help: 'Age of the recording that has waited longest.',
        registers,
      }),
      datasetLines: new Gauge({
        name: 'ai2text_dataset_lines',
        help: 'Entries of the dataset that are not withdrawn, wait to be exported, and lines that could not be read.',
        labelNames: ['state'],
        registers,
      }),
      clips: new Counter({
        name: 'ai2text_dataset_clips_total',
        help: 'Clips that were checked: stored, or why they were refused.',
        labelNames: ['outcome'],
        registers,
      }),
    };
  });
}

async function countJobs(): Promise<void> {
  const { jobs, workers, oldestWaiting } = metrics();
  const { workers: alive, oldestWaitingS, ...counts } = await workStats();
  for (const [state, count] of Object.entries(counts)) jobs.set({ state }, count);
  workers.set(alive.length);
  oldestWaiting.set(oldestWaitingS ?? 0);
}

async function countLines(): Promise<void> {
  const { db } = await database();
  const counts = {
    given: await db.$count(datasetEntries, isNull(datasetEntries.withdrawnAt)),
    waiting: await db.$count(datasetEntries, isNull(datasetEntries.segment)),
    bad: await db.$count(datasetBadLines),
  };
  for (const [state, count] of Object.entries(counts)) metrics().datasetLines.set({ state }, count);
}

/** Counts what only the database knows; while none is open, or it does not answer, only the rest is reported. */
async function countRows(): Promise<void> {
  if (!openDatabase()) return;
  const late = () =>
    new AppError('SERVER_BUSY', `The database did not count in ${COUNTING_MS} ms.`);
  const count = async (what: string, counting: Promise<void>) => {
    try {
      await withTimeout(counting, COUNTING_MS, late);
    } catch (error) {
      log('warn', `metrics.${what}_not_counted`, { code: toAppError(error).code });
    }
  };
  await Promise.all([count('work', countJobs()), count('dataset', countLines())]);
}

/** Counts a clip that was checked. @param outcome `stored`, or why it was refused */
export function countClip(outcome: string): void {
  metrics().clips.inc({ outcome });
}

/** Counts one answered request. @param route its name, of which there are few: never an address */
export function countRequest(route: string, status: number, durationMs: number): void {
  const { requests, durations } = metrics();
  requests.inc({ route, status });
  durations.observe({ route }, durationMs / 1000);
}

/** Counts a try that a limit refused. @param limit its name */
export function countRefusal(limit: string): void {
  metrics().refusals.inc({ limit });
}

/** Notes how many streams of live text are open now. */
export function noteFollowers(count: number): void {
  metrics().followers.set(count);
}

/** Everything measured in this process, in the text form that Prometheus reads. */
export async function metricsPage(): Promise<{ text: string; mediaType: string }> {
  const { registry } = metrics();
  await countRows();
  return { text: await registry.metrics(), mediaType: registry.contentType };
}
