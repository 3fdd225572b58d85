// Live text whose tab goes away before all of it has arrived: the next page sends the rest.
import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { applyFrame, type Captions, NO_CAPTIONS } from '@/lib/client/captions/captions';
import { createLocks } from '@/lib/client/jobs/test-runner';
import { closeDatabase } from '@/lib/client/store/db';
import { listShareLinks, removeShareLink } from '@/lib/client/store/share-links';
import { type LiveFrame, liveFrameSchema } from '@/lib/contracts/live';
import { deriveShareKeys } from './envelope';
import { openFrame } from './live-sender';
import { shareLive, startSendingUnsent } from './share-live';

/** How the server takes a frame; \`lost\`: no answer ever comes. */
type Reach = 'ok' | 'offline' | 'lost' | 401 | 404;

let taken: LiveFrame[];
let requests: RequestInit[];
let stops: (() => void)[];

/** Another page of the same browser: what the one before had under way is gone, and so are its locks. */
function openPage(first: Reach, locks = createLocks()) {
  const page = Object.assign(new EventTarget(), { location: { origin: 'https://example.org' } });
  const server = { reach: first };
  vi.stubGlobal('window', page);
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
  vi.stubGlobal('navigator', { locks });
  vi.stubGlobal('fetch', (path: string, request: RequestInit) => {
    if (path === '/api/live') return Promise.resolve(new Response(null, { status: 204 }));
    requests.push(request);
    return answer(server.reach, liveFrameSchema.parse(JSON.parse(String(request.body))));
  });
  return { page, server, locks };
}

async function answer(reach: Reach, frame: LiveFrame): Promise<Response> {
  if (reach === 'offline') throw new TypeError('Failed to fetch');
  if (typeof reach === 'number') return Response.json({ code: CODES[reach] }, { status: reach });
  if (reach === 'lost') return new Promise(() => undefined);
  // as the server does it: the same again is fine
  if (frame.n < taken.length) expect(frame).toEqual(taken[frame.n]);
  else {
    expect(frame.n).toBe(taken.length);
    taken.push(frame);
  }
  return new Response(null, { status: 204 });
}

const CODES = { 401: 'UNAUTHENTICATED', 404: 'NOT_FOUND' } as const;

function listening(words: readonly string[], finalCount = words.length): Captions {
  return { ...NO_CAPTIONS, phase: 'listening', words, finalCount };
}

async function share(captions = createStore<Captions>(() => listening(['one']))) {
  const { signal } = new AbortController();
  await shareLive(captions, { transcriptId: 't1', lifetimeS: 60, password: '', signal });
  return captions;
}

function sendUnsent() {
  stops.push(startSendingUnsent());
}

async function link() {
  const [first] = await listShareLinks();
  if (!first) throw new Error('There is no link.');
  return first;
}

/** What a follower has. */
async function followed(): Promise<Captions> {
  const { live } = await deriveShareKeys(await link(), null);
  let shown = NO_CAPTIONS;
  for (const [n, frame] of taken.entries())
    shown = applyFrame(shown, await openFrame(live, n, frame));
  return shown;
}

/** What is kept once this has been said. */
async function keptWith(word: string) {
  await vi.waitFor(async () => {
    const { rest } = (await link()).unsent ?? {};
    expect(JSON.stringify(rest)).toContain(word);
  });
}

beforeEach(() => {
  taken = [];
  requests = [];
  stops = [];
});

afterEach(async () => {
  for (const stop of stops) stop();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await closeDatabase();
  await deleteDB('ai2text');
});

/** Without a network, a frame is sent again after a second at the latest. */
const LONG = { timeout: 8000 };

test('frames go by requests that outlive the page, and nothing is kept once all have arrived', async () => {
  openPage('ok');
  await share(createStore<Captions>(() => ({ ...listening(['one', 'end']), phase: 'ended' })));
  await vi.waitFor(async () => expect(await followed()).toMatchObject({ phase: 'ended' }), LONG);
  expect(requests[0]?.keepalive).toBe(true);
  await vi.waitFor(async () => expect((await link()).unsent).toBeUndefined());
});

test('the end arrives though the tab was closed while an earlier frame was under way', async () => {
  openPage('lost');
  const captions = await share();
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  captions.setState({ phase: 'ended', words: ['one', 'last', 'words'], finalCount: 3 });
  await keptWith('last');
  const { page, server } = openPage('offline');
  sendUnsent();
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  server.reach = 'ok';
  page.dispatchEvent(new Event('online'));
  await vi.waitFor(async () => expect(await followed()).toEqual(captions.getState()), LONG);
  expect(taken.at(-1)?.isLast).toBe(true);
  await vi.waitFor(async () => expect((await link()).unsent).toBeUndefined());
});

test('live text whose tab goes away ends with what was heard until then', async () => {
  const { page, server } = openPage('ok');
  const captions = await share();
  await vi.waitFor(() => expect(taken).toHaveLength(1));
  server.reach = 'lost';
  captions.setState(listening(['one', 'two', 'perhaps'], 2));
  page.dispatchEvent(new Event('pagehide'));
  await keptWith('perhaps');
  openPage('ok');
  sendUnsent();
  await vi.waitFor(
    async () =>
      expect(await followed()).toMatchObject({
        phase: 'ended',
        words: ['one', 'two', 'perhaps'],
        finalCount: 3,
      }),
    LONG,
  );
});

test('another page leaves live text alone until its tab is gone', async () => {
  const { server, locks } = openPage('lost');
  const captions = await share();
  await vi.waitFor(async () => expect((await link()).unsent).toBeDefined());
  openPage('ok', locks);
  sendUnsent();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(taken).toHaveLength(0);
  server.reach = 'ok';
  captions.setState(listening(['one', 'two']));
  openPage('ok');
  sendUnsent();
  await vi.waitFor(() => expect(taken.at(-1)?.isLast).toBe(true));
});

test('what a revoked link lacks is dropped, and kept for one who has to sign in again', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  openPage('lost');
  await share();
  await vi.waitFor(async () => expect((await link()).unsent).toBeDefined());
  const signedOut = openPage(401);
  sendUnsent();
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  expect((await link()).unsent).toBeDefined();
  await vi.waitFor(() => {
    signedOut.server.reach = 404;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(requests.length).toBeGreaterThan(2);
  });
  await vi.waitFor(async () => expect((await link()).unsent).toBeUndefined());
});

test('a link that was removed is not stored again', async () => {
  const { server } = openPage('lost');
  const captions = await share();
  await vi.waitFor(async () => expect((await link()).unsent).toBeDefined());
  const { id } = await link();
  await removeShareLink(id, 't1');
  server.reach = 'ok';
  captions.setState({ phase: 'ended' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await listShareLinks()).toEqual([]);
});
