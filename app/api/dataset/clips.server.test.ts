import { beforeEach, describe, expect, inject, it } from 'vitest';
import { CLIP_PART_BYTES } from '@/lib/contracts';
import { sweepDataset } from '@/lib/server/dataset';
import { database, datasetUploads } from '@/lib/server/db';
import { objectStore } from '@/lib/server/objects';
import { makeUser, type SignedIn, signInAs } from '@/lib/server/testing/sign-in';
import { announced, type FlacOptions, makeFlac } from '@/lib/server/testing/test-flac';
import { withServer } from '@/lib/server/testing/test-support';
import { call, stateOf, upload } from './test-giving';

let giver: SignedIn;

beforeEach(async () => {
  await withServer();
  giver = await signInAs(await makeUser());
});

async function keys(): Promise<string[]> {
  const all: string[] = [];
  for await (const { key } of objectStore().list('dataset/')) all.push(key);
  return all;
}

const longNoise = () => makeFlac({ samples: 480_000, isNoise: true });

describe('a clip', () => {
  it('counts once the server has decoded it, and its length is that of its samples', async () => {
    const clip = makeFlac({ samples: 24_016 });
    expect(await upload(giver, clip)).toEqual({ state: 'stored', durationMs: 1501 });
    expect(await stateOf(await call.announce(giver, clip))).toMatchObject({ state: 'stored' });
    const found = await objectStore().get(
      `dataset/clips/${clip.sha256.slice(0, 2)}/${clip.sha256}.flac`,
    );
    expect(Buffer.from(await new Response(found?.body).arrayBuffer())).toEqual(
      Buffer.from(clip.bytes),
    );
    expect(await keys()).toHaveLength(1);
  });

  it('resumes where it was interrupted, whatever came twice', async () => {
    const clip = longNoise();
    const part = (at: number) => clip.bytes.slice(at, at + CLIP_PART_BYTES);
    await call.announce(giver, clip);
    await call.put(giver, clip.sha256, 0, part(0));
    const again = await stateOf(await call.put(giver, clip.sha256, 0, part(0)));
    expect(again).toMatchObject({ state: 'wanted', offset: CLIP_PART_BYTES });
    const early = await stateOf(
      await call.put(giver, clip.sha256, 2 * CLIP_PART_BYTES, part(2 * CLIP_PART_BYTES)),
    );
    expect(early).toMatchObject({ state: 'wanted', offset: CLIP_PART_BYTES });
    expect(await stateOf(await call.announce(giver, clip))).toMatchObject({
      state: 'wanted',
      offset: CLIP_PART_BYTES,
      upload: { method: 'PUT', to: 'app', url: `/api/dataset/clips/${clip.sha256}` },
    });
    // half of it is found nowhere that a training would look
    expect((await keys()).every((key) => key.startsWith('dataset/uploads/'))).toBe(true);
    expect(await upload(giver, clip)).toEqual({ state: 'stored', durationMs: 30_000 });
    expect(await keys()).toHaveLength(1);
  });

  it('is checked when it is announced again if the process ended before that', async () => {
    const clip = makeFlac();
    await call.announce(giver, clip);
    const store = objectStore();
    const { put } = store;
    store.put = async (key, ...rest) => {
      if (key.startsWith('dataset/clips/')) throw new Error('The process was killed.');
      return put.call(store, key, ...rest);
    };
    expect((await call.put(giver, clip.sha256, 0, clip.bytes)).status).toBe(500);
    store.put = put;
    expect(await stateOf(await call.announce(giver, clip))).toMatchObject({ state: 'stored' });
  });

  it('that two people send at once is stored once', async () => {
    const other = await signInAs(await makeUser());
    const clip = makeFlac();
    const states = await Promise.all([upload(giver, clip), upload(other, clip)]);
    for (const state of states) expect(state).toMatchObject({ state: 'stored' });
    expect(await keys()).toHaveLength(1);
  });
});

/** Not what was announced, and why. */
const wrong: [string, string, () => ReturnType<typeof makeFlac>][] = [
  ['is text', 'not_flac', () => announced(new Uint8Array(40_000).fill(97), 24_000)],
  ['is noise', 'not_flac', () => announced(crypto.getRandomValues(new Uint8Array(9_000)), 24_000)],
  [
    'ends too early',
    'not_flac',
    () => announced(makeFlac({ isNoise: true }).bytes.slice(0, 20_000), 24_000),
  ],
  [
    'has a bit that was turned',
    'not_flac',
    () => {
      const { bytes } = makeFlac({ isNoise: true });
      bytes[25_000] = (bytes[25_000] ?? 0) ^ 16;
      return announced(bytes, 24_000);
    },
  ],
  [
    'has the checksum of other samples',
    'not_flac',
    () => {
      const { bytes } = makeFlac();
      bytes[30] = (bytes[30] ?? 0) ^ 1;
      return announced(bytes, 24_000);
    },
  ],
  ['is longer than was said', 'length', () => ({ ...makeFlac(), samples: 23_984 })],
  [
    'says in its header that it is longer',
    'length',
    () => {
      const { bytes } = makeFlac();
      // the lowest byte of the count of samples
      bytes[25] = (bytes[25] ?? 0) + 16;
      return announced(bytes, 24_016);
    },
  ],
  ...([{ sampleRateHz: 44_100 }, { channels: 2 }, { bitsPerSample: 24 }] as FlacOptions[]).map(
    (options): (typeof wrong)[number] => [
      `has ${JSON.stringify(options)}`,
      'format',
      () => makeFlac(options),
    ],
  ),
];

describe('a clip that is refused', () => {
  it.each(wrong)('because it %s: %s, and nothing of it stays', async (_, reason, make) => {
    expect(await upload(giver, make())).toEqual({ state: 'refused', reason });
    expect(await keys()).toEqual([]);
  });

  it('because its bytes have another hash', async () => {
    const clip = makeFlac();
    const named = { ...clip, sha256: makeFlac({ seed: 2 }).sha256 };
    expect(await upload(giver, named)).toEqual({ state: 'refused', reason: 'hash' });
    expect(await keys()).toEqual([]);
  });

  it('because of its size or length costs no upload', async () => {
    const clip = makeFlac();
    for (const samples of [15_984, 480_016, 24_001, 24_000.5])
      expect((await call.announce(giver, { ...clip, samples })).status).toBe(400);
    const large = { ...clip, bytes: new Uint8Array(2 ** 20 + 1) };
    expect((await call.announce(giver, large)).status).toBe(400);
  });

  it('because a part is too long, too short or begins anywhere', async () => {
    const clip = makeFlac();
    await call.announce(giver, clip);
    const longer = new Uint8Array(clip.bytes.length + 1);
    expect((await call.put(giver, clip.sha256, 0, longer)).status).toBe(413);
    expect((await call.put(giver, clip.sha256, 0, clip.bytes.slice(1))).status).toBe(400);
    expect((await call.put(giver, clip.sha256, 7, clip.bytes)).status).toBe(400);
    expect(await upload(giver, clip)).toMatchObject({ state: 'stored' });
  });
});

const backends = inject('serverBackends');

it('goes through the app where browsers do not reach the store', async () => {
  const answer = await call.announce(giver, makeFlac(), { canReachStore: true });
  expect(await stateOf(answer)).toMatchObject({ state: 'wanted', upload: { to: 'app' } });
});

describe.skipIf(backends.kind !== 'services')('a clip that a browser puts into the store', () => {
  beforeEach(async () => {
    const endpoint = backends.kind === 'services' ? backends.s3.endpoint : '';
    await withServer({ env: { S3_PUBLIC_ENDPOINT: endpoint } });
    giver = await signInAs(await makeUser());
  });

  const announce = async (clip: ReturnType<typeof makeFlac>) =>
    stateOf(await call.announce(giver, clip, { canReachStore: true }));

  /** Announces a clip and puts it where the answer says. @returns does that once more */
  async function store(clip: ReturnType<typeof makeFlac>) {
    const state = await announce(clip);
    if (state.state !== 'wanted' || state.upload.to !== 'store')
      throw new Error(`The store does not want the clip: ${JSON.stringify(state)}`);
    const { method, url, headers } = state.upload;
    const put = () => fetch(url, { method, headers, body: clip.bytes });
    expect((await put()).status).toBe(200);
    return put;
  }

  it('counts once it was announced again and the server has decoded it', async () => {
    const clip = longNoise();
    await store(clip);
    expect((await keys()).every((key) => key.startsWith('dataset/uploads/'))).toBe(true);
    // also by a browser that has given up the store meanwhile
    const stored = { state: 'stored', durationMs: 30_000 };
    expect(await stateOf(await call.announce(giver, clip))).toEqual(stored);
    expect(await announce(clip)).toEqual(stored);
    expect(await keys()).toEqual([`dataset/clips/${clip.sha256.slice(0, 2)}/${clip.sha256}.flac`]);
  });

  it('is wanted by the app where part of it is already', async () => {
    const clip = longNoise();
    await call.announce(giver, clip);
    await call.put(giver, clip.sha256, 0, clip.bytes.slice(0, CLIP_PART_BYTES));
    expect(await announce(clip)).toMatchObject({
      offset: CLIP_PART_BYTES,
      upload: { to: 'app' },
    });
  });

  it('is checked like any other, and nothing of it stays when it is refused', async () => {
    const clip = announced(new Uint8Array(40_000).fill(97), 24_000);
    await store(clip);
    expect(await announce(clip)).toEqual({ state: 'refused', reason: 'not_flac' });
    const shorter = { ...makeFlac(), samples: 23_984 };
    await store(shorter);
    expect(await announce(shorter)).toEqual({ state: 'refused', reason: 'length' });
    expect(await keys()).toEqual([]);
  });

  it('is of no use to somebody else who announces it', async () => {
    const clip = makeFlac();
    await store(clip);
    const other = await signInAs(await makeUser());
    const states = [1, 2].map(() => call.announce(other, clip, { canReachStore: true }));
    for (const answer of states)
      expect(await stateOf(await answer)).toMatchObject({ state: 'wanted' });
  });

  it('is swept when nobody asks for its check, and when it comes once more after that', async () => {
    const [left, late] = [makeFlac(), makeFlac({ seed: 2 })];
    await store(left);
    const putLate = await store(late);
    expect(await announce(late)).toMatchObject({ state: 'stored' });
    expect((await putLate()).status).toBe(200);
    const uploads = async () =>
      (await keys()).filter((key) => key.startsWith('dataset/uploads/')).length;
    await sweepDataset(0);
    expect(await uploads()).toBe(2);
    const { db } = await database();
    await db.update(datasetUploads).set({ touchedAt: new Date(Date.now() - 25 * 60 * 60_000) });
    await sweepDataset(0);
    expect(await uploads()).toBe(1);
    // its clip has been checked a day ago
    const objects = objectStore();
    const { list } = objects;
    objects.list = async function* (...asked) {
      for await (const found of list.apply(objects, asked))
        yield { ...found, modifiedAt: new Date(Date.now() - 25 * 60 * 60_000) };
    };
    await sweepDataset(0);
    objects.list = list;
    expect(await uploads()).toBe(0);
  });
});

describe('the routes of clips', () => {
  it('want a session', async () => {
    const clip = makeFlac();
    expect((await call.announce(undefined, clip)).status).toBe(401);
    expect((await call.put(undefined, clip.sha256, 0, clip.bytes)).status).toBe(401);
  });

  it('take no clip that was not announced', async () => {
    const clip = makeFlac();
    expect((await call.put(giver, clip.sha256, 0, clip.bytes)).status).toBe(404);
  });
});
