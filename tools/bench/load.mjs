// How the server does with many at once: links being read, titles being changed.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../app/app.mjs';
import { freePort } from '../app/free-port.mjs';
import { EMBEDDED } from '../app/served-app.mjs';
import { onInterrupt } from '../command/interrupt.mjs';
import { startCeph } from '../services/ceph.mjs';
import { startPostgres } from '../services/postgres.mjs';
import { figure, missing } from './jobs.mjs';
import { addMember, LoadClient, makeShare, renamed, setUpOwner } from './load-client.mjs';

const CLIENTS = 200;
const SECONDS = 60;
/** From then on it is as warm as it gets: memory is compared with this moment. */
const WARM_S = 20;
const SAMPLE_MS = 2_000;
/** Titles are written by so many users, each on several devices. */
const MEMBERS = 10;
/** One request in so many is a write. */
const WRITE_EVERY = 5;
/** An hour of speech, sealed. */
const DOCUMENT_BYTES = 200_000;
const MAX_CONNECTIONS = 10;
/** The first opening of an embedded database takes long where others compute. */
const LINK_MS = 30_000;

/** Where a server may keep its data; `start` gives its settings, and `close` ends what was started. */
const BACKENDS = [
  { name: 'embedded', start: async () => ({ env: {}, close: async () => undefined }) },
  { name: 'PostgreSQL and S3', start: startServices },
];

/** The same services as for the tests; PostgreSQL does not wait for the disk there. */
async function startServices() {
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
export async function load() {
  const results = [];
  for (const { name, start } of BACKENDS)
    try {
      const { env, close } = await start();
      const forget = onInterrupt(close);
      try {
        results.push(...figures(name, await measure(env)));
      } finally {
        forget();
        await close();
      }
    } catch (error) {
      results.push(missing('load', `all, ${name}`, '', 'lower', null, String(error.message)));
    }
  return results;
}

/** A server with data of its own, under load for a minute. */
async function measure(backend) {
  const dataDir = mkdtempSync(join(tmpdir(), 'ai2text-load-'));
  const token = randomBytes(24).toString('hex');
  const port = await freePort();
  const lines = [];
  const env = {
    DATA_DIR: dataDir,
    TRUST_PROXY: '1',
    METRICS_TOKEN: token,
    ...EMBEDDED,
    ...backend,
  };
  const starting = startServer({ port, env, print: (line) => lines.push(line) });
  const close = async () => (await starting).close();
  const forget = onInterrupt(close);
  const clients = [];
  try {
    const { url } = await starting;
    const owner = await setUpOwner(url, await linkIn(lines));
    clients.push(owner);
    // from here on nobody reads what it says
    lines.length = 0;
    const members = [];
    for (let number = 0; number < MEMBERS; number += 1)
      members.push(await addMember(url, owner, number));
    clients.push(...members);
    const share = await makeShare(owner, DOCUMENT_BYTES);
    return await run(url, token, share, members, clients, lines);
  } finally {
    for (const client of clients) client.close();
    forget();
    await close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function linkIn(lines) {
  const givenUpMs = Date.now() + LINK_MS;
  while (Date.now() < givenUpMs) {
    const link = /http\S+\/setup#\S+/.exec(lines.join('\n'))?.[0];
    if (link) return link;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The server printed no link to set it up: is its database empty?');
}

async function run(url, token, share, members, clients, lines) {
  const endMs = Date.now() + SECONDS * 1000;
  const times = { read: [], write: [] };
  const errors = [];
  const watching = watch(url, token, endMs);
  const users = Array.from({ length: CLIENTS }, (_, index) => {
    const client = new LoadClient(url);
    client.cookie = members[index % members.length].cookie;
    clients.push(client);
    return use(client, share, index, endMs, times, errors);
  });
  await Promise.all(users);
  const samples = await watching;
  lines.length = 0;
  return { times, errors, samples };
}

/** One browser: reads the link again and again, and changes the title of a transcript of its own. */
async function use(client, share, index, endMs, times, errors) {
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
      errors.push(String(error.message));
    }
    times[isWrite ? 'write' : 'read'].push(performance.now() - startedMs);
  }
}

/** Memory and connections of the server, every two seconds. */
async function watch(url, token, endMs) {
  const client = new LoadClient(url);
  const startedMs = Date.now();
  const samples = [];
  try {
    while (Date.now() < endMs - SAMPLE_MS) {
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
      const headers = { authorization: `Bearer ${token}` };
      const text = (await client.must('GET', '/api/metrics', { headers })).body.toString();
      const value = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
      samples.push({
        atS: (Date.now() - startedMs) / 1000,
        memoryMiB: value('process_resident_memory_bytes') / 2 ** 20,
        connections: value('ai2text_database_connections\\{state="open"\\}'),
      });
    }
  } finally {
    client.close();
  }
  return samples;
}

function figures(backend, { times, errors, samples }) {
  for (const [what, count] of tally(errors)) console.error(`${backend}: ${count} × ${what}`);
  const warm = samples.filter(({ atS }) => atS >= WARM_S);
  const memory = warm.map(({ memoryMiB }) => memoryMiB);
  const third = Math.ceil(memory.length / 3);
  const growth = mean(memory.slice(-third)) / mean(memory.slice(0, third));
  const all = times.read.length + times.write.length;
  const at = (part, list) => [...list].sort((a, b) => a - b)[Math.floor(part * list.length)];
  const one = (metric, value, unit, better, target) =>
    figure('load', `${metric}, ${backend}`, value, unit, better, target);
  return [
    one('errors', errors.length, 'requests', 'lower', 0),
    one('answered', all / SECONDS, 'requests/s', 'higher'),
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

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** @returns {Map<string, number>} how often each was said */
function tally(texts) {
  const counts = new Map();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
