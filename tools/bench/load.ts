// How the server does with many at once: links being read, titles being changed.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../app/listening';
import { EMBEDDED, startServer } from '../app/server';
import { messageOf } from '../command/errors';
import { onInterrupt } from '../command/interrupt';
import { startCeph } from '../services/ceph';
import { startPostgres } from '../services/postgres';
import { type Better, type Figure, figure, missing } from './figures';
import {
  addMember,
  LoadClient,
  type LoadShare,
  makeShare,
  renamed,
  setUpOwner,
} from './load-client';

const CLIENTS = 200;
const SECONDS = 60;
/** From then on it is as warm as it gets: memory is compared with this moment. */
const WARM_S = 20;
const SAMPLE_MS = 2_000;
/** Titles are written by this many users, each on several devices. */
const MEMBERS = 10;
/** One request in this many is a write. */
const WRITE_EVERY = 5;
/** An hour of speech, sealed. */
const DOCUMENT_BYTES = 200_000;
const MAX_CONNECTIONS = 10;
/** The first opening of an embedded database takes long where others compute. */
const LINK_MS = 30_000;

/** What a server keeps its data in, once it runs. */
interface Backend {
  /** The settings that name it. */
  env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Where a server may keep its data. */
const BACKENDS: readonly { name: string; start: () => Promise<Backend> }[] = [
  { name: 'embedded', start: async () => ({ env: {}, close: async () => undefined }) },
  { name: 'PostgreSQL and S3', start: startServices },
];

/** The same services as for the tests; PostgreSQL does not wait for the disk there. */
async function startServices(): Promise<Backend> {
  const postgres = await startPostgres();
  try {
    const { endpoint, accessKeyId, secretAccessKey, close } = await startCeph();
    return {
      env: {
        DATABASE_URL: postgres.url,
        S3_ENDPOINT: endpoint,
        S3_BUCKET: 'ai2text-load',
        S3_ACCESS_KEY_ID: accessKeyId,
        S3_SECRET_ACCESS_KEY: secretAccessKey,
      },
      async close() {
        await close();
        await postgres.close();
      },
    };
  } catch (error) {
    await postgres.close();
    throw error;
  }
}

/** Figures of `bench --only load`. */
export async function load(): Promise<Figure[]> {
  const results: Figure[] = [];
  for (const { name, start } of BACKENDS)
    try {
      const { env, close } = await start();
      const stopListening = onInterrupt(close);
      try {
        results.push(...figures(name, await measure(env)));
      } finally {
        stopListening();
        await close();
      }
    } catch (error) {
      results.push(missing('load', `all, ${name}`, '', 'lower', null, messageOf(error)));
    }
  return results;
}

/** What was seen in that minute. */
interface Measured {
  /** Of each request, in ms. */
  times: Record<'read' | 'write', number[]>;
  errors: string[];
  samples: Sample[];
}

/** The server at one moment. */
interface Sample {
  atS: number;
  memoryMiB: number;
  /** Processor time of the server since it started. */
  cpuS: number;
  connections: number;
}

/** A server with data of its own, under load for a minute. */
async function measure(backend: Backend['env']): Promise<Measured> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ai2text-load-'));
  const token = randomBytes(24).toString('hex');
  const port = await freePort();
  const lines: string[] = [];
  const env = {
    DATA_DIR: dataDir,
    TRUST_PROXY: '1',
    METRICS_TOKEN: token,
    ...EMBEDDED,
    ...backend,
  };
  const starting = startServer({ port, env, print: (line) => lines.push(line) });
  const close = async () => (await starting).close();
  const stopListening = onInterrupt(close);
  const clients: LoadClient[] = [];
  try {
    const { url } = await starting;
    const owner = await setUpOwner(url, await linkIn(lines));
    clients.push(owner);
    // from here on nobody reads what it says
    lines.length = 0;
    const members: LoadClient[] = [];
    for (let number = 0; number < MEMBERS; number += 1)
      members.push(await addMember(url, owner, number));
    clients.push(...members);
    const share = await makeShare(owner, DOCUMENT_BYTES);
    return await run(url, token, share, members, clients, lines);
  } finally {
    for (const client of clients) client.close();
    stopListening();
    await close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function linkIn(lines: readonly string[]): Promise<string> {
  const givenUpMs = Date.now() + LINK_MS;
  while (Date.now() < givenUpMs) {
    const link = /http\S+\/setup#\S+/.exec(lines.join('\n'))?.[0];
    if (link) return link;
    await sleep(50);
  }
  throw new Error('The server printed no link to set it up: is its database empty?');
}

async function run(
  url: string,
  token: string,
  share: LoadShare,
  members: readonly LoadClient[],
  clients: LoadClient[],
  lines: string[],
): Promise<Measured> {
  const endMs = Date.now() + SECONDS * 1000;
  const times: Measured['times'] = { read: [], write: [] };
  const errors: string[] = [];
  const watching = watch(url, token, endMs);
  const users = Array.from({ length: CLIENTS }, (_, index) => {
    const client = new LoadClient(url);
    client.cookie = members[index % members.length]?.cookie ?? '';
    clients.push(client);
    return use(client, share, index, endMs, times, errors);
  });
  await Promise.all(users);
  const samples = await watching;
  lines.length = 0;
  return { times, errors, samples };
}

/** One browser: reads the link again and again, and changes the title of a transcript of its own. */
async function use(
  client: LoadClient,
  share: LoadShare,
  index: number,
  endMs: number,
  times: Measured['times'],
  errors: string[],
): Promise<void> {
  const path = `/api/transcripts/${randomUUID()}`;
  for (let count = index; Date.now() < endMs; count += 1) {
    const isWrite = count % WRITE_EVERY === 0;
    const startedMs = performance.now();
    try {
      const { status, sizeBytes } = isWrite
        ? await client.call('PUT', path, { json: renamed(count) })
        : await client.call('GET', share.path, { headers: share.headers });
      if (status !== 200 || (!isWrite && sizeBytes !== share.sizeBytes))
        errors.push(`${isWrite ? 'write' : 'read'}: ${status}, ${sizeBytes} bytes`);
    } catch (error) {
      errors.push(messageOf(error));
    }
    times[isWrite ? 'write' : 'read'].push(performance.now() - startedMs);
  }
}

/** Memory and connections of the server, every two seconds. */
async function watch(url: string, token: string, endMs: number): Promise<Sample[]> {
  const client = new LoadClient(url);
  const startedMs = Date.now();
  const samples: Sample[] = [];
  try {
    while (Date.now() < endMs - SAMPLE_MS) {
      await sleep(SAMPLE_MS);
      const headers = { authorization: `Bearer ${token}` };
      const text = (await client.must('GET', '/api/metrics', { headers })).body.toString();
      const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
      samples.push({
        atS: (Date.now() - startedMs) / 1000,
        memoryMiB: value('process_resident_memory_bytes') / 2 ** 20,
        cpuS: value('process_cpu_seconds_total'),
        connections: value('ai2text_database_connections\\{state="open"\\}'),
      });
    }
  } finally {
    client.close();
  }
  return samples;
}

function figures(backend: string, { times, errors, samples }: Measured): Figure[] {
  for (const [what, count] of tally(errors)) console.error(`${backend}: ${count} × ${what}`);
  const warm = samples.filter(({ atS }) => atS >= WARM_S);
  const memory = warm.map(({ memoryMiB }) => memoryMiB);
  const third = Math.ceil(memory.length / 3);
  const growth = mean(memory.slice(-third)) / mean(memory.slice(0, third));
  const all = times.read.length + times.write.length;
  const [first, last] = [samples[0], samples.at(-1)];
  const cpuShare = first && last ? (last.cpuS - first.cpuS) / (last.atS - first.atS) : null;
  const at = (part: number, list: readonly number[]) =>
    [...list].sort((a, b) => a - b)[Math.floor(part * list.length)] ?? null;
  const one = (
    metric: string,
    value: number | null,
    unit: string,
    better: Better,
    target: number | null = null,
  ) => figure('load', `${metric}, ${backend}`, value, unit, better, target);
  return [
    one('errors', errors.length, 'requests', 'lower', 0),
    one('answered', all / SECONDS, 'requests/s', 'higher'),
    // steadier than the rate, which depends on what else the machine does
    one(
      'processor time of the server',
      cpuShare && (1000 * cpuShare * SECONDS) / all,
      'ms/request',
      'lower',
    ),
    one('link read, median', at(0.5, times.read), 'ms', 'lower'),
    one('link read, 95th percentile', at(0.95, times.read), 'ms', 'lower'),
    one('title written, median', at(0.5, times.write), 'ms', 'lower'),
    one('title written, 95th percentile', at(0.95, times.write), 'ms', 'lower'),
    one('memory, last third against first', growth, '', 'lower', 1.15),
    one('memory at most', Math.max(...memory), 'MiB', 'lower'),
    one(
      'database connections at most',
      Math.max(...samples.map(({ connections }) => connections)),
      '',
      'lower',
      MAX_CONNECTIONS,
    ),
  ];
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** How often each was said. */
function tally(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
