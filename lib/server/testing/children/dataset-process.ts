// A process that gives entries, exports, merges and publishes them until it kills itself at one of its writes to
// the store. Arguments: what it does (some of `give export compact publish`, with commas), at which write it
// dies, and `before`, `during` or `after` that. Lines: `given ID`, `withdrawn ID`, each once it is committed.
import { eq, sql } from 'drizzle-orm';
import { delay, newId } from '@/lib/core';
import { compactOnce } from '@/lib/server/dataset/compact';
import { sha256Of } from '@/lib/server/dataset/dataset-objects';
import { exportSegments } from '@/lib/server/dataset/export-segments';
import { continuePublishing, requestVersion } from '@/lib/server/dataset/publish';
import { database } from '@/lib/server/db/database';
import { datasetEntries, leases } from '@/lib/server/db/schema';
import { objectStore } from '@/lib/server/objects/object-store';
import { makeUser } from '@/lib/server/testing/sign-in';

const [what = '', atWrite = '', when = ''] = process.argv.slice(2);
const does = new Set(what.split(','));
const never = new AbortController().signal;

let left = Number(atWrite);

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Dies when its time has come; other writes are done as they are. */
function mortal<A extends unknown[]>(act: (...args: A) => Promise<void>) {
  return async (...args: A): Promise<void> => {
    left -= 1;
    const isLast = left === 0;
    if (isLast && when === 'before') die();
    const writing = act.apply(objectStore(), args);
    if (isLast && when === 'during') setImmediate(die);
    await writing;
    if (isLast) die();
  };
}

const store = objectStore();
Object.assign(store, {
  put: mortal(store.put),
  putStream: mortal(store.putStream),
  delete: mortal(store.delete),
});

const { db } = await database();
// as if the minute was over after which another process resumes where the one before has died
if (does.has('export')) await db.update(datasetEntries).set({ claim: null, claimedAt: null });
if (does.has('publish')) await db.delete(leases).where(eq(leases.name, 'dataset.publish'));

async function give(giverId: string): Promise<void> {
  const ids = Array.from({ length: 5 }, newId);
  await db.insert(datasetEntries).values(
    ids.map((id, at) => ({
      ...{ id, giverId, clip: sha256Of(id), durationMs: 1_000 + at },
      ...{ text: 'words', asrText: 'words', language: 'en', level: 'edited' as const },
      ...{ speaker: `speaker-${at % 3}`, recording: `recording-${at % 3}`, ownRecording: 'one' },
      ...{ modelId: 'draft', licence: 'CC0-1.0' as const, wording: '2026-11-29' },
      consentAt: new Date(),
    })),
  );
  for (const id of ids) console.log(`given ${id}`);
  const [first = ''] = ids;
  await db
    .update(datasetEntries)
    .set({ withdrawnAt: sql`now()`, text: '', asrText: '', segment: null, claim: null })
    .where(eq(datasetEntries.id, first));
  console.log(`withdrawn ${first}`);
}

/** Between two gifts where nothing else is done, in ms: what is published is written again each time. */
const GIVEN_EVERY_MS = 200;

const giverId = does.has('give') ? await makeUser({ email: `${newId()}@example.org` }) : '';
for (;;) {
  if (does.has('give')) await give(giverId);
  if (does.size === 1 && does.has('give')) await delay(GIVEN_EVERY_MS);
  if (does.has('export')) await exportSegments(never);
  if (does.has('compact')) await compactOnce(never);
  if (does.has('publish')) {
    await requestVersion();
    await continuePublishing();
  }
}
