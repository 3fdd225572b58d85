// What a browser does with shares, against the real routes: `lib/client/sharing` on both sides of a link.
import 'fake-indexeddb/auto';
import { sql } from 'drizzle-orm';
import { deleteDB } from 'idb';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { fetchShares, revokeShare } from '@/app/_features/sharing/own-shares';
import type { Playback } from '@/lib/client/playback/playable';
import { createShare } from '@/lib/client/sharing/create-share';
import { newShareSecret } from '@/lib/client/sharing/crypto';
import type { SharedAudio } from '@/lib/client/sharing/document';
import { parseShareLink } from '@/lib/client/sharing/link';
import { downloadAudio, openShare } from '@/lib/client/sharing/open-share';
import { patterned } from '@/lib/client/sharing/test-share';
import { closeDatabase } from '@/lib/client/store/db';
import { addJobs, finishJob, NO_STATS, storeBatch } from '@/lib/client/store/jobs';
import { getMedia, keepMedia } from '@/lib/client/store/media';
import type { TranscriptRecord } from '@/lib/client/store/schema';
import { listShareLinks } from '@/lib/client/store/share-links';
import { memoryStorage } from '@/lib/client/store/test-opfs';
import { getTranscript, setDeleted } from '@/lib/client/store/transcripts';
import { PART_BYTES } from '@/lib/contracts/shares';
import { database } from '@/lib/server/db/database';
import { shares } from '@/lib/server/db/schema';
import { withServer } from '@/lib/server/testing/test-support';
import { TestPage } from '../test-page';
import { POST as COMPLETE } from './[id]/complete/route';
import * as part from './[id]/parts/[n]/route';
import * as share from './[id]/route';
import * as list from './route';
import { signedIn } from './test-shares';

// whether a recording needs a copy is asked of a player: `workers/playable` has its own tests
const playback: Pick<Playback, 'open'> = {
  async open(id) {
    const file = await getMedia(id);
    const { source, hasVideo } = record;
    return file && { kind: 'ready', file, mediaType: source.mediaType, hasVideo, problem: null };
  },
};

const ROUTES = {
  '/api/shares': { GET: list.GET, POST: list.POST },
  '/api/shares/[id]': { GET: share.GET, PUT: share.PUT, DELETE: share.DELETE },
  '/api/shares/[id]/parts/[n]': { GET: part.GET, PUT: part.PUT },
  '/api/shares/[id]/complete': { POST: COMPLETE },
};

const ID = '5f0c2f4e-8a3e-4c55-9d0b-1f6f4c1f7a10';
const TITLE = 'Quarterly weather';
const WORDS = ['thunder', 'tomorrow', 'umbrella'];
const PASSWORD = 'Öffne dich, Sesam!';
/** As `lib/client/http/server-call.ts` has them. */
const RETRY_WAITS_MS = new Set([1000, 3000, 9000]);
const DAY_S = 86_400;
const { signal } = new AbortController();

let page: TestPage;
let record: TranscriptRecord;

beforeEach(async () => {
  await withServer();
  // before there is a `window`: the embedded database would take this process for a browser
  const owner = await signedIn();
  page = new TestPage(ROUTES);
  page.as = owner;
  vi.stubGlobal('navigator', { storage: memoryStorage() });
  onTestFinished(async () => {
    await closeDatabase();
    await deleteDB('ai2text');
  });
  record = await transcript();
});

/** A finished transcript of this device. */
async function transcript(): Promise<TranscriptRecord> {
  const source = { name: 'weather.mp3', mediaType: 'audio/mpeg', sizeBytes: 9, sha256: null };
  await addJobs([{ id: ID, title: TITLE, source, media: 'none' }]);
  const words = WORDS.map((text, at) => ({
    text,
    startMs: at * 300,
    endMs: at * 300 + 200,
    confidence: 0.9,
  }));
  const text = WORDS.join(' ');
  await storeBatch(ID, {
    segments: [{ id: 's', startMs: 0, endMs: 900, speakerId: null, text, edited: false, words }],
    endMs: 900,
    peaks: [{ transcriptId: ID, firstPeak: 0, peaks: new Uint8Array([1, 200, 3]) }],
    notices: [],
    progress: { checkpoint: null, nextIndex: 1, batches: 1, decoder: 'webcodecs', doneMs: 900 },
    stats: NO_STATS,
    durationMs: 1000,
  });
  const model = { id: 'm', backend: 'wasm', precision: 'q8' } as const;
  await finishJob(ID, { durationMs: 1000, model, notices: [], stats: NO_STATS, peaks: [] });
  const stored = await getTranscript(ID);
  if (!stored) throw new Error('It was not stored.');
  return stored;
}

interface Choice {
  password?: string;
  withAudio?: boolean;
  stop?: AbortSignal;
}

/** Makes a link as the dialog does. @returns it, and how far the upload was told to be */
async function make({ password = '', withAudio = false, stop = signal }: Choice = {}) {
  const told: number[] = [];
  const link = await createShare(
    record,
    { lifetimeS: DAY_S, password, withAudio },
    {
      playback,
      signal: stop,
      onProgress: ({ doneBytes, totalBytes }) => told.push(doneBytes / totalBytes),
    },
  );
  return { link, told };
}

/** Opens a link in another browser. */
function open(link: string, password: string | null = null) {
  page.as = null;
  const { pathname, hash } = new URL(link);
  return openShare(parseShareLink(pathname, hash), password, signal);
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error) => error.code,
  );

async function openWithAudio(link: string) {
  const opened = await open(link);
  const audio = opened.document.audio as SharedAudio;
  const told: number[] = [];
  const blob = downloadAudio(opened, audio, {
    signal,
    onProgress: ({ doneBytes, totalBytes }) => told.push(doneBytes / totalBytes),
  });
  return { opened, audio, blob, told };
}

/** Changes rows of every share. */
async function update(set: Parameters<ReturnType<typeof updating>['set']>[0]): Promise<void> {
  await updating(await database()).set(set);
}
const updating = ({ db }: Awaited<ReturnType<typeof database>>) => db.update(shares);

describe('a shared transcript', () => {
  it('is in another browser what it was here', async () => {
    const { link, told } = await make();
    expect(link).toMatch(/^http:\/\/localhost:3000\/s\/[\w-]{22}#k=[\w-]{22}$/);
    expect(told.at(-1)).toBe(1);
    const { document, expiresAt } = await open(link);
    expect(document.transcript).toMatchObject({
      title: TITLE,
      segments: [{ text: WORDS.join(' ') }],
    });
    expect(document.transcript.segments[0]?.words.map(({ text }) => text)).toEqual(WORDS);
    expect(document.audio).toBeNull();
    const lastsMs = Date.parse(expiresAt ?? '') - Date.now();
    expect(Math.abs(lastsMs - DAY_S * 1000)).toBeLessThan(60_000);
  });

  it('comes with its recording, over several parts, byte for byte', async () => {
    const sound = patterned(PART_BYTES + 12_345);
    await keepMedia(ID, new Blob([sound]), signal);
    const { link, told } = await make({ withAudio: true });
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
    expect(page.asked().map((line) => line.replace(/shares\/[\w-]+/, 'shares/…'))).toEqual([
      'POST /api/shares',
      'PUT /api/shares/…',
      'PUT /api/shares/…/parts/0',
      'PUT /api/shares/…/parts/1',
      'POST /api/shares/…/complete',
    ]);
    const { audio, blob, told: got } = await openWithAudio(link);
    expect(audio).toMatchObject({ name: 'weather.mp3', sizeBytes: sound.length, hasVideo: false });
    expect(Buffer.compare(new Uint8Array(await (await blob).arrayBuffer()), sound)).toBe(0);
    expect((await blob).type).toBe('audio/mpeg');
    expect(got.at(-1)).toBe(1);
  });

  it('is made and opened without that the server learns of any word, title, name or secret', async () => {
    await keepMedia(ID, new Blob(['the sound of thunder']), signal);
    const { link } = await make({ withAudio: true, password: PASSWORD });
    page.as = null;
    expect(await codeOf(open(link, 'open sesame'))).toBe('FORBIDDEN');
    const opened = await open(link, PASSWORD);
    await downloadAudio(opened, opened.document.audio as SharedAudio, {
      signal,
      onProgress: () => undefined,
    });
    const { secret } = parseShareLink(new URL(link).pathname, new URL(link).hash);
    const traffic = page.exchanges.map(({ sent, got }) => `${sent}\n${got}`).join('\n');
    expect(page.exchanges).toHaveLength(7);
    expect(traffic.length).toBeGreaterThan(2_000);
    // in every form that text takes on its way
    const forms = [TITLE, PASSWORD, 'open sesame', secret, record.source.name, ...WORDS].flatMap(
      (text) => [
        text,
        encodeURIComponent(text),
        Buffer.from(text).toString('latin1'),
        Buffer.from(text).toString('base64url').slice(0, -2),
      ],
    );
    for (const form of forms) expect(traffic.includes(form), `“${form}” was sent`).toBe(false);
    // what is behind the # never comes to the server; the keys of the text are no part of it either
    expect(traffic).not.toContain('#k=');
  });

  it('opens with its password alone, and takes no more after ten wrong ones', async () => {
    const { link } = await make({ password: PASSWORD });
    expect(link.endsWith('&p')).toBe(true);
    expect(await codeOf(open(link, 'wrong'))).toBe('FORBIDDEN');
    expect(await codeOf(open(link))).toBe('FORBIDDEN');
    // the same password as other keyboards give it
    await open(link, PASSWORD.normalize('NFD'));
    const { id } = parseShareLink(new URL(link).pathname, new URL(link).hash);
    const wrong = { headers: { authorization: `Share ${newShareSecret().secret}` } };
    for (let time = 2; time < 10; time += 1)
      expect((await page.fetch(`/api/shares/${id}`, wrong)).status).toBe(403);
    await expect(open(link, PASSWORD)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterS: expect.any(Number) },
    });
  });

  it('is not available when it was revoked, has expired, was not finished, or never was', async () => {
    const { link } = await make();
    const { pathname, hash } = new URL(link);
    const failure = async (address: string) => {
      const error = await open(address).catch((thrown) => thrown);
      const answer = page.exchanges.at(-1);
      return [error.code, answer?.status, answer?.got.replace(/"x-request-id","[^"]+"/, '')];
    };
    const unknown = await failure(`http://localhost:3000/s/${newShareSecret().id}${hash}`);
    expect(unknown.slice(0, 2)).toEqual(['NOT_FOUND', 404]);
    for (const set of [
      { expiresAt: sql`now() - interval '1 second'` },
      { revokedAt: sql`now()` },
      { completedAt: null },
    ]) {
      const before = { expiresAt: sql`now() + interval '1 hour'`, revokedAt: null };
      await update({ ...before, completedAt: sql`now()`, ...set });
      expect(await failure(link)).toEqual(unknown);
    }
    const other = `http://localhost:3000${pathname}#k=${newShareSecret().secret}`;
    expect(await failure(other)).toEqual(unknown);
  });

  it('asks the server nothing for half a link', async () => {
    const { link } = await make();
    page.asked();
    for (const half of [link.slice(0, -3), link.split('#')[0] ?? '', link.replace('/s/', '/s/x')])
      expect(() => open(half)).toThrow(expect.objectContaining({ code: 'SHARE_LINK_INVALID' }));
    expect(page.asked()).toEqual([]);
  });
});

/** What becomes of ciphertext on its way. */
type Change = (body: Buffer, path: string) => Buffer;

const isPart = (path: string) => path.includes('/parts/');
const flip = (body: Buffer) => {
  const changed = Buffer.from(body);
  changed[body.length - 40] = (changed[body.length - 40] ?? 0) ^ 1;
  return changed;
};
const cut = (body: Buffer) => body.subarray(0, body.length - 30);

describe('ciphertext that was changed on its way', () => {
  /** Answers of the server to the reader of another link. */
  const answers = new Map<string, Buffer>();
  let link: string;
  let other: string;
  const idOf = (address: string) => address.replace(/.*\/s\/([\w-]+)#.*/, '$1');

  beforeEach(async () => {
    await keepMedia(ID, new Blob([patterned(5_000)]), signal);
    link = (await make({ withAudio: true })).link;
    other = (await make({ withAudio: true })).link;
    answers.clear();
    page.between = async (request, pass) => {
      const response = await pass();
      const body = Buffer.from(await response.clone().arrayBuffer());
      answers.set(new URL(request.url).pathname, body);
      return response;
    };
    for (const address of [link, other]) await (await openWithAudio(address)).blob;
  });

  /** From now on every answer is changed. */
  const changing = (change: Change) => {
    page.between = async (request, pass) => {
      const { status, headers, ...response } = await pass();
      const body = Buffer.from(answers.get(new URL(request.url).pathname) ?? []);
      const { pathname } = new URL(request.url);
      return new Response(new Uint8Array(change(body, pathname)), { status, headers, ...response });
    };
  };
  const ofOther = (path: string) =>
    answers.get(path.replace(idOf(link), idOf(other))) ?? Buffer.alloc(0);

  it('is refused as a text, whatever was done to it', async () => {
    const changes: [string, Change][] = [
      ['one other bit', flip],
      ['cut off', cut],
      ['longer', (body) => Buffer.concat([body, Buffer.alloc(30)])],
      ['nothing', () => Buffer.alloc(0)],
      ['that of another link', (_body, path) => ofOther(path)],
      ['the recording', (_body, path) => answers.get(`${path}/parts/0`) ?? Buffer.alloc(0)],
    ];
    for (const [what, change] of changes) {
      changing(change);
      expect(await codeOf(open(link)), what).toBe('SHARE_DECRYPT_FAILED');
    }
  });

  it('is refused as a recording, and the text stays', async () => {
    const changes: [string, Change][] = [
      ['one other bit', flip],
      ['cut off', cut],
      ['that of another link', (_body, path) => ofOther(path)],
      ['the text', (_body, path) => answers.get(path.replace('/parts/0', '')) ?? Buffer.alloc(0)],
    ];
    for (const [what, change] of changes) {
      changing((body, path) => (isPart(path) ? change(body, path) : body));
      const { opened, blob } = await openWithAudio(link);
      expect(await codeOf(blob), what).toBe('SHARE_DECRYPT_FAILED');
      expect(opened.document.transcript.title).toBe(TITLE);
    }
  });
});

describe('an upload', () => {
  /** No link is left, here or there. */
  const expectNothing = async () => {
    page.between = (_request, pass) => pass();
    expect(await listShareLinks()).toEqual([]);
    expect(await fetchShares(ID, signal)).toEqual([]);
  };

  beforeEach(async () => {
    await keepMedia(ID, new Blob([patterned(5_000)]), signal);
    // the waits between tries are over at once
    const start = setTimeout;
    vi.stubGlobal('setTimeout', (step: () => void, ms: number) =>
      start(step, RETRY_WAITS_MS.has(ms) ? 0 : ms),
    );
  });

  it('is tried again when the network breaks off, and ends well', async () => {
    let left = 2;
    page.between = (request, pass) => {
      if (request.method !== 'PUT' || left === 0) return pass();
      left -= 1;
      return Promise.reject(new TypeError('Failed to fetch'));
    };
    const { link } = await make({ withAudio: true });
    expect((await open(link)).document.transcript.title).toBe(TITLE);
  });

  it.each([
    ['the text', /^PUT .*shares\/[^/]+$/],
    ['the recording', /^PUT .*parts/],
    ['the end', /complete$/],
  ])('that breaks off at %s is taken back whole', async (_what, where) => {
    page.between = ({ method, url }, pass) =>
      where.test(`${method} ${url}`) ? Promise.reject(new TypeError('Failed to fetch')) : pass();
    expect(await codeOf(make({ withAudio: true }))).toBe('OFFLINE');
    expect(page.asked().at(-1)).toMatch(/^DELETE /);
    await expectNothing();
  });

  it('that is given up is taken back', async () => {
    const stop = new AbortController();
    page.between = ({ url }, pass) => {
      if (!url.includes('/parts/')) return pass();
      stop.abort();
      return new Promise(() => undefined); // never answered
    };
    expect(await codeOf(make({ withAudio: true, stop: stop.signal }))).toBe('ABORTED');
    expect(page.asked().at(-1)).toMatch(/^DELETE /);
    await expectNothing();
  });

  it('without a network says so, and leaves nothing here', async () => {
    page.between = () => Promise.reject(new TypeError('Failed to fetch'));
    expect(await codeOf(make())).toBe('OFFLINE');
    await expectNothing();
  });

  it('does not begin without its recording, or without a sign-in', async () => {
    await setDeleted(ID, false);
    vi.stubGlobal('navigator', { storage: memoryStorage() });
    expect(await codeOf(make({ withAudio: true }))).toBe('SOURCE_GONE');
    expect(page.asked()).toEqual([]);
    page.as = null;
    expect(await codeOf(make())).toBe('UNAUTHENTICATED');
    expect(await listShareLinks()).toEqual([]);
  });
});

describe('the links of a device', () => {
  it('can be copied again, and end for everyone when they are revoked', async () => {
    const { link } = await make();
    const owner = page.as;
    const [own] = await fetchShares(ID, signal);
    expect(own).toMatchObject({ link, hasPassword: false, audioBytes: 0, opens: 0 });
    await open(link);
    page.as = owner;
    const [again] = await fetchShares(ID, signal);
    expect(again?.opens).toBe(1);
    if (again) await revokeShare(again);
    expect(await fetchShares(ID, signal)).toEqual([]);
    expect(await listShareLinks()).toEqual([]);
    expect(await codeOf(open(link))).toBe('NOT_FOUND');
    // twice is fine
    page.as = owner;
    if (again) await revokeShare(again);
  });

  it('outlive their transcript, and are listed without it', async () => {
    const { link } = await make();
    await setDeleted(ID, true);
    const [own] = await fetchShares(null, signal);
    expect(own).toMatchObject({ link, transcriptId: ID });
    if (own) await revokeShare(own);
    expect(await codeOf(open(link))).toBe('NOT_FOUND');
  });

  it('that were made on another device are listed without their secret', async () => {
    await make();
    await closeDatabase();
    await deleteDB('ai2text');
    expect(await fetchShares(ID, signal)).toMatchObject([{ link: null, id: null }]);
  });
});
