// A browser against the real routes of shares: `lib/client/sharing` on both sides of a link.
import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { beforeEach, onTestFinished, vi } from 'vitest';
import type { Playback } from '@/lib/client/playback/playable';
import { createShare } from '@/lib/client/sharing/create-share';
import type { SharedAudio } from '@/lib/client/sharing/document';
import { parseShareLink } from '@/lib/client/sharing/link';
import { downloadAudio, openShare } from '@/lib/client/sharing/open-link';
import { closeDatabase } from '@/lib/client/store/db';
import { addJobs, finishJob, NO_STATS, storeBatch } from '@/lib/client/store/jobs';
import { getMedia } from '@/lib/client/store/media';
import type { TranscriptRecord } from '@/lib/client/store/schema';
import { memoryStorage } from '@/lib/client/store/test-opfs';
import { getTranscript } from '@/lib/client/store/transcripts';
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

export const ID = '5f0c2f4e-8a3e-4c55-9d0b-1f6f4c1f7a10';
export const TITLE = 'Quarterly weather';
export const WORDS = ['thunder', 'tomorrow', 'umbrella'];
export const PASSWORD = 'Öffne dich, Sesam!';
export const DAY_S = 86_400;
export const { signal } = new AbortController();

export let page: TestPage;
export let record: TranscriptRecord;

/** Before each test: an owner who is signed in, with one transcript on the device. */
export function openPageBeforeEach(): void {
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
}

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

/** Makes a link as the dialog does. @returns it, and the reported progress of the upload */
export async function make({ password = '', withAudio = false, stop = signal }: Choice = {}) {
  const progress: number[] = [];
  const link = await createShare(
    record,
    { lifetimeS: DAY_S, password, withAudio },
    {
      playback,
      signal: stop,
      onProgress: ({ doneBytes, totalBytes }) => progress.push(doneBytes / totalBytes),
    },
  );
  return { link, progress };
}

/** Opens a link in another browser. */
export function open(link: string, password: string | null = null) {
  page.as = null;
  const { pathname, hash } = new URL(link);
  return openShare(parseShareLink(pathname, hash), password, signal);
}

export const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error) => error.code,
  );

export async function openWithAudio(link: string) {
  const opened = await open(link);
  const audio = opened.document.audio as SharedAudio;
  const progress: number[] = [];
  const blob = downloadAudio(opened, audio, {
    signal,
    onProgress: ({ doneBytes, totalBytes }) => progress.push(doneBytes / totalBytes),
  });
  return { opened, audio, blob, progress };
}
