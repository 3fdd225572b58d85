// How many jobs a second each queue hands out, over HTTP, to workers that have nothing to do for them.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../app/build';
import { freePort } from '../app/listening';
import { EMBEDDED, startServer } from '../app/server';
import { messageOf } from '../command/errors';
import { onInterrupt } from '../command/interrupt';
import { startNats } from '../services/nats';
import { startPostgres } from '../services/postgres';
import { type Figure, figure, missing } from './figures';
import { LoadClient } from './load-client';

const JOBS = 1_000;
/** Named in one notification. */
const ANNOUNCED_AT_ONCE = 200;
const WORKERS = 8;
/** A recording that has stood still for so long is taken. */
const AGE_S = 60;

/** Where jobs wait, once it runs. */
interface Place {
  env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const PLACES: readonly { name: string; start(): Promise<Place> }[] = [
  { name: 'database, PGlite', start: async () => ({ env: {}, close: async () => undefined }) },
  { name: 'database, PostgreSQL', start: postgres },
  { name: 'NATS JetStream, PostgreSQL', start: jetstream },
];

/** As for the tests: it does not wait for the disk. */
async function postgres(): Promise<Place> {
  const { url, close } = await startPostgres();
  return { env: { DATABASE_URL: url }, close };
}

async function jetstream(): Promise<Place> {
  const database = await postgres();
  try {
    const nats = await startNats();
    return {
      env: { ...database.env, QUEUE_URL: nats.url },
      async close() {
        await nats.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Jobs a second of each queue. */
export async function workQueues(name: string): Promise<Figure[]> {
  await ensureBuilt();
  const results: Figure[] = [];
  for (const place of PLACES) {
    const metric = `queue: ${place.name}`;
    try {
      const { env, close } = await place.start();
      const forget = onInterrupt(close);
      try {
        results.push(figure(name, metric, await jobsASecond(env), 'jobs/s', 'higher'));
      } finally {
        forget();
        await close();
      }
    } catch (error) {
      results.push(missing(name, metric, 'jobs/s', 'higher', null, messageOf(error)));
    }
  }
  return results;
}

async function jobsASecond(place: Place['env']): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ai2text-queue-'));
  const secret = randomBytes(24).toString('hex');
  const port = await freePort();
  const env = {
    DATA_DIR: dataDir,
    TRUST_PROXY: '1',
    WORKER_TOKEN: secret,
    INGEST_SECRET: secret,
    ...EMBEDDED,
    QUEUE_URL: '',
    ...place,
  };
  const starting = startServer({ port, env });
  const close = async () => (await starting).close();
  const forget = onInterrupt(close);
  try {
    const { url } = await starting;
    await announce(url, secret, dataDir);
    const beganMs = performance.now();
    const all = await Promise.all(Array.from({ length: WORKERS }, () => work(url, secret)));
    const doneMs = all.flat();
    if (doneMs.length !== JOBS) throw new Error(`${doneMs.length} of ${JOBS} jobs were done.`);
    return (JOBS * 1000) / (Math.max(...doneMs) - beganMs);
  } finally {
    forget();
    await close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Puts recordings into the folder, and says that they are there. */
async function announce(url: string, secret: string, dataDir: string): Promise<void> {
  const folder = join(dataDir, 'inbox');
  mkdirSync(folder, { recursive: true });
  const thenS = Date.now() / 1000 - AGE_S;
  const records = Array.from({ length: JOBS }, (_, at) => {
    const path = join(folder, `${at}.wav`);
    writeFileSync(path, 'never read');
    utimesSync(path, thenS, thenS);
    return {
      eventSource: 'ceph:s3',
      eventName: 'ObjectCreated:Put',
      s3: { object: { key: `inbox/${at}.wav` } },
    };
  });
  const client = new LoadClient(url);
  const headers = { authorization: `Bearer ${secret}` };
  for (let at = 0; at < JOBS; at += ANNOUNCED_AT_ONCE) {
    const json = { Records: records.slice(at, at + ANNOUNCED_AT_ONCE) };
    await client.must('POST', '/api/ingest/events', { json, headers });
  }
  client.close();
}

const WORD = { text: 'Hello.', startMs: 0, endMs: 900, confidence: 0.9 };
const SEGMENT = {
  ...{ id: 's1', startMs: 0, endMs: 900, speakerId: null, text: WORD.text, edited: false },
  words: [WORD],
};
const RESULT = {
  ...{ durationMs: 1_000, mediaType: 'audio/wav', language: 'en' },
  model: { id: 'test', backend: 'wasm', precision: 'none' },
};

/** Takes jobs, stores one batch of each and finishes it, until none is left. @returns when each was done */
async function work(url: string, secret: string): Promise<number[]> {
  const client = new LoadClient(url);
  const headers = { authorization: `Bearer ${secret}` };
  const post = (path: string, json: object) =>
    client.must('POST', `/api/work/${path}`, { json, headers });
  const worker = { workerId: randomUUID(), workerName: 'bench', waitMs: 0 };
  const doneMs: number[] = [];
  for (;;) {
    const { job } = JSON.parse((await post('lease', worker)).body.toString());
    if (!job) {
      client.close();
      return doneMs;
    }
    const { id, lease } = job;
    await post(`${id}/batches`, { lease, ordinal: 0, segments: [SEGMENT], progress: '{}' });
    await post(`${id}/finish`, { lease, result: RESULT });
    doneMs.push(performance.now());
  }
}
