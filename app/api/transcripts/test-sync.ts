// One device as it is (its own database, the real merge) against the real routes; the other device
// of the same user is a caller of the routes.
import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { expect, onTestFinished, vi } from 'vitest';
import { closeDatabase } from '@/lib/client/store/db';
import { addJobs, finishJob, NO_STATS } from '@/lib/client/store/jobs';
import { enterAccount, setShownOnOtherDevices } from '@/lib/client/store/sync-state';
import { type SyncServer, synchronise } from '@/lib/client/sync/start-sync';
import type { ServerSummary } from '@/lib/contracts/transcripts';
import { AppError } from '@/lib/core/errors';
import { makeUser, signInAs } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { type Answer, deviceOf } from './test-device';

export const A = '5f0c2f4e-8a3e-4c55-9d0b-1f6f4c1f7a10';
export const B = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';
export const C = 'ffffffff-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

const model = { id: 'm', backend: 'wasm', precision: 'int8' } as const;
const END = { durationMs: 61_000, model, notices: [], stats: NO_STATS, peaks: [] };

/** Transcripts of this device, finished. */
export async function made(...given: [id: string, title: string][]): Promise<void> {
  const source = { name: 'a.wav', mediaType: 'audio/wav', sizeBytes: 1, sha256: null };
  await addJobs(given.map(([id, title]) => ({ id, title, source, media: 'none' })));
  for (const [id] of given) await finishJob(id, END);
}

/** Empties this device, as a new one is. */
export async function emptyDevice(): Promise<void> {
  await closeDatabase();
  await deleteDB('ai2text');
}

/** A user with this device and another one, on a server of their own for the running test. */
export async function twoDevices() {
  // no private files here, as in browsers that have none
  vi.stubGlobal('navigator', {});
  onTestFinished(async () => {
    vi.unstubAllGlobals();
    await emptyDevice();
  });
  await withServer();
  const owner = await makeUser();
  const other = deviceOf(await signInAs(owner, 'Other device'));
  const here = deviceOf(await signInAs(owner));
  const requests: string[] = [];
  const deletedHere: { id: string; title: string }[] = [];
  const bodyOf = async (what: string, answer: Promise<Answer>) => {
    requests.push(what);
    const { status, body } = await answer;
    if (status !== 200) throw new AppError(body.code, body.message);
    return body;
  };
  const server: SyncServer = {
    list: (since) => bodyOf('list', here.list(`?since=${since}&limit=2`)),
    put: (id, summary) => bodyOf('put', here.put(id, summary)),
    remove: (id, atMs) => bodyOf('remove', here.remove(id, `?at=${atMs}`)),
  };
  const knownThere = async (id: string): Promise<ServerSummary> =>
    (await other.list()).body.items.find((item: ServerSummary) => item.id === id);
  return {
    owner,
    /** The routes as this device calls them; a test may put its own in their place. */
    server,
    other,
    /** What this device has asked for. */
    requests,
    deletedHere,
    knownThere,
    sync: (pull = true) =>
      synchronise(
        {
          owner,
          server,
          onDeletedHere: (transcript) => deletedHere.push(transcript),
        },
        { pull },
        new AbortController().signal,
      ),
    /** Signs in here, and shows this device's transcripts to the other. */
    async showing() {
      await enterAccount(owner);
      await setShownOnOtherDevices(owner, true);
    },
    /** Titles on the server's list. */
    async onServer(): Promise<string[]> {
      const items: ServerSummary[] = (await other.list()).body.items;
      return items
        .filter((item) => !item.deleted)
        .map((item) => item.title)
        .sort();
    },
    /** The other device writes fields of one, now or at a moment, of what it knew or knows. */
    async writeThere(
      id: string,
      change: Partial<ServerSummary>,
      at = Date.now(),
      known?: ServerSummary,
    ): Promise<void> {
      const was = known ?? (await knownThere(id));
      const fieldTimes = { ...was.fieldTimes };
      for (const field of Object.keys(fieldTimes))
        if (field in change) Object.assign(fieldTimes, { [field]: at });
      const { id: _i, revision: _r, deleted: _d, ...put } = { ...was, ...change, fieldTimes };
      expect((await other.put(id, put)).status).toBe(200);
    },
  };
}
