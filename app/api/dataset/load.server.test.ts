import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pLimit from 'p-limit';
import { beforeEach, expect, it } from 'vitest';
import { CLIP_PART_BYTES } from '@/lib/contracts';
import { openDatabase } from '@/lib/server/db';
import { database } from '@/lib/server/db/database';
import { datasetClips, datasetUploads } from '@/lib/server/db/schema';
import { makeUser, type SignedIn, signInAs } from '@/lib/server/testing/sign-in';
import { announced, makeFlac } from '@/lib/server/testing/test-flac';
import { withServer } from '@/lib/server/testing/test-support';
import { call, stateOf, upload } from './test-giving';

/** Nightly it is a thousand. The memory of a few says little: buffers of a few are freed when it suits the engine. */
const MEASURES_MEMORY = process.env.TEST_LOAD === 'full';
const UPLOADS = MEASURES_MEMORY ? 1000 : 60;
const AT_ONCE = 50;
const QUARTERS = 4;
/** More than one: what one may send in a minute is limited. */
const GIVERS = 10;

let dataDir: string;

beforeEach(async () => {
  ({ dataDir } = await withServer());
});

const { bytes, samples } = makeFlac({ samples: 320_000, isNoise: true });

/** Another clip of half a megabyte, without encoding it again: only its inaudible padding differs. */
function clipOf(at: number) {
  const padding = Uint8Array.of(1, 0, 0, 4, at >> 24, at >> 16, at >> 8, at);
  const pieces = [bytes.slice(0, 42), padding, bytes.slice(42)];
  return announced(new Uint8Array(Buffer.concat(pieces)), samples);
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Bytes of all buffers that something still holds. */
function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

it(`${UPLOADS} uploads, ${AT_ONCE} at a time, leave no file and no row behind${MEASURES_MEMORY ? ', and no memory' : ''}`, {
  timeout: 600_000,
}, async () => {
  const givers: SignedIn[] = [];
  while (givers.length < GIVERS) givers.push(await signInAs(await makeUser()));
  const limit = pLimit(AT_ONCE);
  const connections: number[] = [];
  const held: number[] = [];
  for (let part = 0; part < QUARTERS; part += 1) {
    const numbers = Array.from({ length: UPLOADS / QUARTERS }, (_, at) => at * QUARTERS + part);
    const states = await Promise.all(
      numbers.map((at) =>
        limit(async () => {
          const giver = givers[at % GIVERS];
          if (!giver) throw new Error('There is no giver.');
          const { state } = await upload(giver, clipOf(at));
          connections.push(openDatabase()?.stats().open ?? 0);
          return state;
        }),
      ),
    );
    expect(new Set(states)).toEqual(new Set(['stored']));
    held.push(heldBytes());
  }
  const { db } = await database();
  expect(await db.$count(datasetClips)).toBe(UPLOADS);
  expect(await db.$count(datasetUploads)).toBe(0);
  // PostgreSQL's pool has ten connections, the embedded database one
  expect(Math.max(...connections)).toBeLessThanOrEqual(10);
  const drafts = await readdir(join(dataDir, 'objects', 'drafts')).catch(() => []);
  expect(drafts).toEqual([]);
  // half of it warms up: the engine's memory grows once
  const [, warm = 0, ...later] = held;
  const mebibytes = held.map((heldNow) => (heldNow / 2 ** 20).toFixed(1)).join(', ');
  console.info(
    `${UPLOADS} uploads: buffers of ${mebibytes} MiB after each quarter, at most ${Math.max(...connections)} connections, ${drafts.length} temporary files left`,
  );
  if (MEASURES_MEMORY) expect(Math.max(...later) - warm).toBeLessThan(16 * 2 ** 20);
});

it('an upload that is given up in its middle leaves the next one room', async () => {
  const giver = await signInAs(await makeUser());
  const clip = clipOf(0);
  for (let times = 0; times < 20; times += 1) {
    await call.announce(giver, clip);
    const broken = await call.put(giver, clip.sha256, 0, clip.bytes.slice(0, CLIP_PART_BYTES / 2));
    expect(broken.status).toBe(400);
  }
  expect(await stateOf(await call.announce(giver, clip))).toMatchObject({ offset: 0 });
  expect(await upload(giver, clip)).toMatchObject({ state: 'stored' });
});
