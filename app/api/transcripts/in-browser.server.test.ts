// A user's list on two devices, each with a database of its own, against the real routes.
import 'fake-indexeddb/auto';
import { onlineManager, QueryClient } from '@tanstack/react-query';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { queryKeys } from '@/app/_features/app/queries';
import { closeDatabase } from '@/lib/client/store/db';
import { addJobs, finishJob, NO_STATS, storeBatch } from '@/lib/client/store/jobs';
import { listOutbox } from '@/lib/client/store/outbox';
import {
  deleteRemoteTranscript,
  listRemoteTranscripts,
  renameRemoteTranscript,
  restoreRemoteTranscript,
} from '@/lib/client/store/remote-transcripts';
import {
  leaveAccount,
  setShownOnOtherDevices,
  withdrawFromServer,
} from '@/lib/client/store/sync-state';
import { listTranscripts, setDeleted, updateTranscript } from '@/lib/client/store/transcripts';
import { startSync, syncStore } from '@/lib/client/sync/start-sync';
import { makeUser, type SignedIn, signInAs } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { TestPage } from '../test-page';
import { DELETE, PUT } from './[id]/route';
import { GET } from './route';
import { A, B } from './test-sync';

const ROUTES = { '/api/transcripts': { GET }, '/api/transcripts/[id]': { PUT, DELETE } };
const WORDS = ['thunder', 'tomorrow', 'umbrella'];

interface Device {
  signedIn: SignedIn;
  files: IDBFactory;
}

let page: TestPage;
let owner: string;
let laptop: Device;
let phone: Device;
let client: QueryClient;
let stop: () => void = () => undefined;
/** Reported as deleted on another device, by title. */
let gone: string[];

beforeEach(async () => {
  await withServer();
  owner = await makeUser();
  const device = async (name: string) => ({
    signedIn: await signInAs(owner, name),
    files: new IDBFactory(),
  });
  laptop = await device('Laptop');
  phone = await device('Phone');
  // after the database was opened, which would take this process for a browser
  page = new TestPage(ROUTES);
  vi.stubGlobal('navigator', { onLine: true, locks: locks() });
  client = new QueryClient();
  client.mount();
  gone = [];
  onTestFinished(async () => {
    leave();
    client.unmount();
    await closeDatabase();
    onlineManager.setOnline(true);
    vi.unstubAllGlobals();
  });
});

/** The locks of one browser: one holder at a time. */
function locks() {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    request: (_name: string, _options: unknown, work: () => Promise<unknown>) => {
      const run = tail.then(work);
      tail = run.catch(() => undefined); // its caller gets the failure
      return run;
    },
  };
}

/** Closes the page at hand. */
function leave(): void {
  stop();
  stop = () => undefined;
}

const start = () =>
  startSync(client, owner, {
    onDeletedHere: (transcripts) => gone.push(...transcripts.map(({ title }) => title)),
    onSignedOut: () => void client.invalidateQueries({ queryKey: queryKeys.session }),
  });

/** Takes a device into one's hands, without its page. */
async function take(device: Device): Promise<void> {
  leave();
  await closeDatabase();
  vi.stubGlobal('indexedDB', device.files);
  page.as = device.signedIn;
}

/** Opens the page on a device; what it asks for then has been answered. */
async function open(device: Device): Promise<void> {
  await take(device);
  const asked = page.exchanges.length;
  stop = start();
  await answered(asked + 1);
}

/** Comes to hold within the time that a busy machine needs. */
const soon = (look: () => void | Promise<void>) =>
  vi.waitFor(look, { timeout: 10_000, interval: 5 });

/** This many requests were answered, and none is on its way. */
async function answered(count: number): Promise<void> {
  await soon(() => {
    expect(page.exchanges.length).toBeGreaterThanOrEqual(count);
    expect(page.exchanges.every(({ status }) => status !== 0)).toBe(true);
  });
  await allSent();
  await idle();
}

/**
 * No request is on its way, and none comes of what has been done so far.
 * @throws after half a minute: what is still going on
 */
async function idle(): Promise<void> {
  const endMs = Date.now() + 30_000;
  let asked = page.exchanges.length;
  // the store in memory takes a turn or two for each of its steps
  for (let quiet = 0; quiet < 200; quiet += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    const isBusy = page.exchanges.some(({ status }) => status === 0);
    if (isBusy || page.exchanges.length !== asked) quiet = 0;
    if (Date.now() > endMs) throw new Error(`Not idle: ${JSON.stringify(page.exchanges)}`);
    asked = page.exchanges.length;
  }
}

/** Nothing waits to be sent any more. */
const allSent = () => soon(async () => expect(await listOutbox()).toEqual([]));

const titles = async () => (await listTranscripts()).map(({ title }) => title).sort();
const elsewhere = async () => (await listRemoteTranscripts()).map(({ title }) => title).sort();
const seen = (titlesThere: string[]) =>
  soon(async () => expect(await elsewhere()).toEqual(titlesThere));

/** A finished transcript on the device at hand. */
async function has(id: string, title: string): Promise<void> {
  const source = { name: `${title}.wav`, mediaType: 'audio/wav', sizeBytes: 1, sha256: null };
  await addJobs([{ id, title, source, media: 'none' }]);
  const text = WORDS.join(' ');
  await storeBatch(id, {
    segments: [{ id, startMs: 0, endMs: 900, speakerId: null, text, edited: false, words: [] }],
    endMs: 900,
    peaks: [],
    notices: [],
    progress: { checkpoint: null, nextIndex: 1, batches: 1, decoder: 'webcodecs', doneMs: 900 },
    stats: NO_STATS,
    durationMs: 1000,
  });
  const model = { id: 'm', backend: 'wasm', precision: 'q8' } as const;
  await finishJob(id, { durationMs: 1000, model, notices: [], stats: NO_STATS, peaks: [] });
}

/** The laptop has a transcript and shows it; its page is open. */
async function shown(title: string): Promise<void> {
  await take(laptop);
  await has(A, title);
  await open(laptop);
  await setShownOnOtherDevices(owner, true);
  // one that sends, one that asks what is new since
  await answered(page.exchanges.length + 2);
}

const methods = () => page.asked().map((line) => line.split(/[ ?]/).slice(0, 2).join(' '));

describe('a list on two devices', () => {
  it('leaves the first one when its user says so, and only its titles do', async () => {
    await take(laptop);
    await has(A, 'Budget talk');
    await open(laptop);
    await updateTranscript(A, { title: 'Budget' });
    expect(methods()).toEqual(['GET /api/transcripts']);
    await setShownOnOtherDevices(owner, true);
    await answered(2);
    const traffic = page.exchanges.map(({ sent, got }) => sent + got).join('\n');
    expect(methods()).toEqual([`PUT /api/transcripts/${A}`, 'GET /api/transcripts']);
    expect(traffic).toContain('Budget');
    for (const word of [...WORDS, 'Budget.wav', 'Budget talk.wav'])
      expect(traffic).not.toContain(word);
    await open(phone);
    await seen(['Budget']);
    expect(await titles()).toEqual([]);
  });

  it('has the names that were given on either', async () => {
    await shown('Kickoff');
    await open(phone);
    await seen(['Kickoff']);
    await renameRemoteTranscript(A, 'Kickoff with Ana');
    await answered(page.exchanges.length + 2);
    await open(laptop);
    await soon(async () => expect(await titles()).toEqual(['Kickoff with Ana']));
    await updateTranscript(A, { title: 'First meeting' });
    await answered(page.exchanges.length + 2);
    await open(phone);
    await seen(['First meeting']);
  });

  it('has the later of two names that were given without a network', async () => {
    await shown('Alpha');
    await open(phone);
    await seen(['Alpha']);
    await take(laptop);
    await updateTranscript(A, { title: 'Of the laptop' });
    await take(phone);
    vi.useFakeTimers({ now: Date.now() + 1_000, toFake: ['Date'] });
    await renameRemoteTranscript(A, 'Of the phone');
    vi.useRealTimers();
    await open(phone);
    // sent after the later one, and yet it does not win
    await open(laptop);
    await soon(async () => expect(await titles()).toEqual(['Of the phone']));
    await open(phone);
    await seen(['Of the phone']);
  });

  it('loses on both what was deleted on one, and has it again when that is undone on the other', async () => {
    await shown('Old talk');
    await open(phone);
    await seen(['Old talk']);
    const removed = await deleteRemoteTranscript(A);
    await answered(page.exchanges.length + 2);
    await open(laptop);
    await soon(() => expect(gone).toEqual(['Old talk']));
    expect(await titles()).toEqual([]);
    await setDeleted(A, false);
    await answered(page.exchanges.length + 2);
    expect(await titles()).toEqual(['Old talk']);
    await open(phone);
    await seen(['Old talk']);
    // and the other way
    await open(laptop);
    await setDeleted(A, true);
    await answered(page.exchanges.length + 2);
    await open(phone);
    await seen([]);
    // what was deleted here can be undone here
    expect(removed?.title).toBe('Old talk');
    if (removed) await restoreRemoteTranscript(removed);
    await seen(['Old talk']);
  });

  it('is nowhere any more where its user has signed out; what was made there stays', async () => {
    await shown('Private talk');
    await take(phone);
    await has(B, 'Made on the phone');
    await open(phone);
    await seen(['Private talk']);
    leave();
    await leaveAccount();
    expect(await elsewhere()).toEqual([]);
    expect(await titles()).toEqual(['Made on the phone']);
    expect(await listOutbox()).toEqual([]);
  });

  it('can be taken off the server again, and stays where it is', async () => {
    await shown('Shown for a while');
    await setShownOnOtherDevices(owner, false);
    await withdrawFromServer(owner);
    await answered(page.exchanges.length + 2);
    await open(phone);
    await seen([]);
    await open(laptop);
    expect(await titles()).toEqual(['Shown for a while']);
  });
});

describe('the page', () => {
  beforeEach(async () => {
    await shown('Draft');
    page.asked();
  });

  const focus = () => window.dispatchEvent(new Event('focus'));
  const setOnline = (online: boolean) => onlineManager.setOnline(online);

  it('asks when it is looked at again, and never by itself', async () => {
    leave();
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'setInterval'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    stop = start();
    await answered(1);
    expect(methods()).toEqual(['GET /api/transcripts']);
    await vi.advanceTimersByTimeAsync(3_600_000);
    await idle();
    expect(methods()).toEqual([]);
  });

  it('asks once for what comes together: a tab that is shown gets the focus, too', async () => {
    // the page was opened a moment ago
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    focus();
    document.dispatchEvent(new Event('visibilitychange'));
    await answered(1);
    expect(methods()).toEqual(['GET /api/transcripts']);
    focus();
    await idle();
    expect(methods()).toEqual([]);
  });

  it('does not ask when it is hidden', async () => {
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    Object.assign(document, { visibilityState: 'hidden' });
    focus();
    document.dispatchEvent(new Event('visibilitychange'));
    await idle();
    Object.assign(document, { visibilityState: 'visible' });
    expect(methods()).toEqual([]);
  });

  it('waits without a network, and sends what was changed when it is back', async () => {
    setOnline(false);
    await updateTranscript(A, { title: 'Final version' });
    await idle();
    expect(methods()).toEqual([]);
    expect(await listOutbox()).toHaveLength(1);
    setOnline(true);
    await answered(2);
    expect(methods()).toContain(`PUT /api/transcripts/${A}`);
    await open(phone);
    await seen(['Final version']);
  });

  it('loses nothing when it is closed before the network is back', async () => {
    setOnline(false);
    await updateTranscript(A, { title: 'Final version' });
    leave();
    setOnline(true);
    expect(await listOutbox()).toHaveLength(1);
    await open(laptop);
    await open(phone);
    await seen(['Final version']);
  });

  it('sends a change once, in however many tabs it is open', async () => {
    const other = start();
    await answered(1);
    page.asked();
    await updateTranscript(A, { title: 'Final version' });
    await answered(2);
    expect(methods().filter((line) => line.startsWith('PUT'))).toHaveLength(1);
    other();
  });

  it('asks who is signed in when the server knows them no more, and keeps what waits', async () => {
    page.as = null;
    client.setQueryData(queryKeys.session, { user: { id: owner } });
    await updateTranscript(A, { title: 'Final version' });
    await soon(() => expect(client.getQueryState(queryKeys.session)?.isInvalidated).toBe(true));
    expect(syncStore.getState().problem).toBe('UNAUTHENTICATED');
    expect(await listOutbox()).toHaveLength(1);
    page.as = laptop.signedIn;
    leave();
    await open(phone);
    await open(laptop);
    await open(phone);
    await seen(['Final version']);
  });
});
