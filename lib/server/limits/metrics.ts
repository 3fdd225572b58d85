import 'server-only';
import { isNull } from 'drizzle-orm';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { toAppError } from '@/lib/core';
import { datasetBadLines, datasetEntries, openDatabase } from '@/lib/server/db';
import { log, processSingleton } from '@/lib/server/process';
import { workStats } from '@/lib/server/queue';

/** Upper ends of the durations that are distinguished, in s. */
const DURATIONS_S = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

interface Metrics {
  registry: Registry;
  requests: Counter<'route' | 'status'>;
  durations: Histogram<'route'>;
  refusals: Counter<'limit'>;
  followers: Gauge;
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
    new Gauge({
      name: 'ai2text_work_jobs',
      help: 'Recordings for workers, by state.',
      labelNames: ['state'],
      registers,
      async collect() {
        if (!openDatabase()) return;
        const { workers, oldestWaitingS, ...counts } = await workStats();
        for (const [state, count] of Object.entries(counts)) this.set({ state }, count);
        alive.set(workers.length);
        oldest.set(oldestWaitingS ?? 0);
      },
    });
    const alive = new Gauge({
      name: 'ai2text_workers',
      help: 'Workers that have asked for work in the last two minutes.',
      registers,
    });
    const oldest = new Gauge({
      name: 'ai2text_work_oldest_waiting_seconds',
      help: 'Age of the recording that has waited longest.',
      registers,
    });
    new Gauge({
      name: 'ai2text_dataset_lines',
      help: 'Entries of the dataset that are not withdrawn, wait to be exported, and lines that could not be read.',
      labelNames: ['state'],
      registers,
      async collect() {
        for (const [state, count] of Object.entries(await datasetLines()))
          this.set({ state }, count);
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
      clips: new Counter({
        name: 'ai2text_dataset_clips_total',
        help: 'Clips that were checked: stored, or why they were refused.',
        labelNames: ['outcome'],
        registers,
      }),
    };
  });
}

/** Counts; nothing while no database is open, or it does not answer: the other metrics are of use then. */
async function datasetLines(): Promise<Record<string, number>> {
  const opened = openDatabase();
  if (!opened) return {};
  try {
    return {
      given: await opened.db.$count(datasetEntries, isNull(datasetEntries.withdrawnAt)),
      waiting: await opened.db.$count(datasetEntries, isNull(datasetEntries.segment)),
      bad: await opened.db.$count(datasetBadLines),
    };
  } catch (error) {
    log('warn', 'metrics.dataset_not_counted', { code: toAppError(error).code });
    return {};
  }
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
  return { text: await registry.metrics(), mediaType: registry.contentType };
}
