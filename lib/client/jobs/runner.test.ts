import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { onChange } from '@/lib/client/store/changes';
import { closeDatabase } from '@/lib/client/store/db';
import * as jobs from '@/lib/client/store/jobs';
import type { Locks } from '@/lib/client/store/locks';
import * as transcripts from '@/lib/client/store/transcripts';
import { AppError } from '@/lib/core/errors';
import type { JobOptions } from '@/lib/engine/pipeline/stages';
import { createTestStages, type TestStages } from '@/lib/engine/pipeline/test-stages';
import { createJobStore, type JobStore } from './job-store';
import type { ProgressChannel } from './job-views';
import { createRunner, type Runner } from './runner';
import { type MediaStore, SourceRegistry } from './source-registry';

const kept = new Map<string, Blob>();
/** The user's list as it is now. */
let vocabulary: string[] = [];
const UNCHOSEN: JobOptions = {
  modelId: 'starter',
  hotWords: [],
  language: null,
  task: 'transcribe',
};
let chosen = UNCHOSEN;

const mediaStore: MediaStore = {
  getMedia: async (id) => kept.get(id) ?? null,
  keepMedia: async (id, source) => void kept.set(id, source),
  hasQuotaFor: async () => true,
};

/** Locks as the browser gives them, shared by all "tabs" of a test. */
function createLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>();
  const held = new Map<string, LockMode>();
  const request = async (name: string, ...rest: unknown[]) => {
    const callback = rest.at(-1) as () => unknown; // the last argument, by the API
    const options = rest.length > 1 ? (rest[0] as LockOptions) : null;
    const before = tails.get(name) ?? Promise.resolve();
    const run = before.then(async () => {
      held.set(name, options?.mode ?? 'exclusive');
      try {
        return await callback();
      } finally {
        held.delete(name);
      }
    });
    tails.set(
      name,
      run.catch(() => undefined),
    );
    return run;
  };
  const query = async () => ({
    held: [...held].map(([name, mode]) => ({ name, mode })),
    pending: [],
  });
  return { request: request as Locks['request'], query };
}

const silent: ProgressChannel = { post: () => undefined, onMessage: () => () => undefined };

interface Tab {
  runner: Runner;
  sources: SourceRegistry;
  store: JobStore;
  stages: TestStages;
}

const tabs: Tab[] = [];

function openTab(locks: Locks, stages = createTestStages(60)): Tab {
  const sources = new SourceRegistry(mediaStore, locks);
  const store = createJobStore();
  const runner = createRunner({
    getJobOptions: async () => ({ ...chosen, hotWords: vocabulary }),
    isModelInUse: async () => false,
    sources,
    locks,
    stages,
    store,
    channel: silent,
  });
  const tab = { runner, sources, store, stages };
  tabs.push(tab);
  return tab;
}

async function addFile(tab: Tab, id: string, keep = true) {
  const file = new File(['x'], `${id}.wav`);
  const source = { name: file.name, mediaType: '', sizeBytes: 1, sha256: null };
  await jobs.addJobs([{ id, title: id, source, media: keep ? 'copying' : 'none' }]);
  tab.sources.add(id, file, keep);
  tab.runner.wake();
}

/** Writes into some object stores fail as the platform lets them fail. */
function failWrites(errorName: string, isFailing: (store: IDBObjectStore) => boolean) {
  const { put } = IDBObjectStore.prototype;
  return vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    value: unknown,
  ) {
    if (isFailing(this)) throw new DOMException('A test wants it.', errorName);
    return put.call(this, value);
  });
}

/** Names of the object stores that a spied method was called on. */
const storesOf = ({ mock }: { mock: { contexts: unknown[] } }) =>
  mock.contexts.map((context) => (context as IDBObjectStore).name); // the method's own `this`

const intentOf = async (id: string) => (await jobs.getJob(id))?.intent;
const until = (id: string, intent: string) =>
  vi.waitFor(async () => expect(await intentOf(id)).toBe(intent), { timeout: 5000 });
const textOf = async (id: string) => (await transcripts.getSegments(id)).map((row) => row.text);
/** The recogniser stands still once one and then two segments were recognised. */
const HOLD_AFTER_TWO = { after: 2, until: new Promise<void>(() => undefined) };
const allTwelve = Array.from({ length: 12 }, (_, i) => `w${i}`);

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined); // failures are logged, and expected here
});

afterEach(async () => {
  for (const tab of tabs.splice(0)) {
    tab.sources.dispose();
    tab.runner.dispose();
  }
  await new Promise((resolve) => setTimeout(resolve, 20)); // what was under way ends
  await closeDatabase();
  await deleteDB('ai2text');
  kept.clear();
  vocabulary = [];
  chosen = UNCHOSEN;
  vi.restoreAllMocks();
});

describe('the runner', () => {
  it('runs jobs one after the other in the order of the queue', async () => {
    const tab = openTab(createLocks());
    await addFile(tab, 'a');
    await addFile(tab, 'b');
    await until('b', 'done');
    expect(await textOf('a')).toEqual(allTwelve);
    expect(await textOf('b')).toEqual(allTwelve);
    expect(await transcripts.getTranscript('a')).toMatchObject({
      state: 'complete',
      durationMs: 60_000,
    });
  });

  it('continues with the next job when one fails, and keeps the failed one’s text', async () => {
    const tab = openTab(createLocks());
    tab.stages.failBatch = { at: 2, error: new AppError('RECOGNISE_FAILED', 'broken') };
    await addFile(tab, 'a');
    await addFile(tab, 'b');
    await until('b', 'done');
    expect(await jobs.getJob('a')).toMatchObject({
      intent: 'failed',
      error: { code: 'RECOGNISE_FAILED' },
    });
    expect(await textOf('a')).toEqual(['w0', 'w1', 'w2']);
    expect(await textOf('b')).toEqual(allTwelve);
  });

  it('stops when paused, and resumes after the last stored batch', async () => {
    const tab = openTab(createLocks());
    tab.stages.hold = HOLD_AFTER_TWO;
    await addFile(tab, 'a');
    await vi.waitFor(async () => expect(await textOf('a')).toHaveLength(3));
    await jobs.updateJob('a', () => ({ intent: 'paused' }));
    await vi.waitFor(() => expect(tab.stages.closed).toBe(tab.stages.opened));
    tab.stages.hold = null;
    expect(await textOf('a')).toEqual(['w0', 'w1', 'w2']);
    await jobs.updateJob('a', () => ({ intent: 'queued' }));
    await until('a', 'done');
    expect(await textOf('a')).toEqual(allTwelve);
    expect(tab.stages.recognised.flat()).toHaveLength(12);
  });

  it('resumes with new workers after a crash, without losing or repeating a segment', async () => {
    const tab = openTab(createLocks());
    const error = new AppError('WORKER_CRASHED', 'killed', { fatal: true });
    tab.stages.failBatch = { at: 2, error };
    await addFile(tab, 'a');
    await until('a', 'done');
    expect(await textOf('a')).toEqual(allTwelve);
  });

  it('stays paused when the pause comes while a batch is being stored', async () => {
    let batches = 0;
    const unsubscribe = onChange(({ kind }) => {
      if (kind === 'segments') batches += 1;
      if (kind === 'segments' && batches === 2)
        void jobs.updateJob('a', () => ({ intent: 'paused' }));
    });
    onTestFinished(unsubscribe);
    const tab = openTab(createLocks());
    tab.stages.hold = HOLD_AFTER_TWO;
    await addFile(tab, 'a');
    await until('a', 'paused');
    await vi.waitFor(() => expect(tab.stages.closed).toBe(tab.stages.opened));
    expect(await jobs.getJob('a')).toMatchObject({ intent: 'paused', error: null });
    // a batch that was being stored when the pause came is kept
    const kept = await textOf('a');
    expect(kept.length).toBeLessThan(12);
    expect(kept).toEqual(allTwelve.slice(0, kept.length));
  });

  it('does not begin a job that is paused while its recording is being looked up', async () => {
    vi.spyOn(mediaStore, 'getMedia').mockImplementation(async (id) => {
      await jobs.updateJob(id, (job) => (job.intent === 'queued' ? { intent: 'paused' } : null));
      return new Blob(['x']);
    });
    const source = { name: 'a.wav', mediaType: '', sizeBytes: 1, sha256: null };
    await jobs.addJobs([{ id: 'a', title: 'a', source, media: 'none' }]);
    await transcripts.updateTranscript('a', { media: 'kept' });
    const tab = openTab(createLocks());
    await until('a', 'paused');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(tab.stages.recognised).toEqual([]);
    expect(await intentOf('a')).toBe('paused');
  });

  it('continues with the stored copy when the chosen file disappears', async () => {
    const tab = openTab(createLocks());
    const gone = new AppError('SOURCE_GONE', 'deleted');
    tab.stages.failBatch = { at: 2, error: gone };
    await addFile(tab, 'a');
    await until('a', 'done');
    expect(await textOf('a')).toEqual(allTwelve);
  });

  it('fails instead of retrying forever if the stored copy cannot be read', async () => {
    const tab = openTab(createLocks());
    let attempts = 0;
    tab.stages.decoder.open = async () => {
      attempts += 1;
      throw new AppError('SOURCE_GONE', 'unreadable');
    };
    await addFile(tab, 'a');
    await until('a', 'failed');
    expect(attempts).toBeLessThanOrEqual(2);
  });

  it('shows a paused job as paused while its run is still finishing', async () => {
    const tab = openTab(createLocks());
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    tab.stages.recogniser.recognise = async () => {
      await held; // does not obey the signal
      return { hypotheses: [], inferenceMs: 0, searchMs: 0, language: null };
    };
    await addFile(tab, 'a');
    const status = () => tab.store.getState().jobs[0]?.status;
    await vi.waitFor(() => expect(status()).toBe('running'));
    await jobs.updateJob('a', () => ({ intent: 'paused' }));
    await vi.waitFor(() => expect(status()).toBe('paused'));
    const read = vi.spyOn(IDBObjectStore.prototype, 'getAll');
    // longer than a heartbeat of the run
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(status()).toBe('paused');
    // nothing changes: the store is not read over and over
    const ofJobs = storesOf(read).filter((name) => name === 'jobs');
    expect(ofJobs.length).toBeLessThan(10);
    release();
  });

  it('asks for the file if it disappears and there is no stored copy', async () => {
    const tab = openTab(createLocks());
    tab.stages.failBatch = { at: 2, error: new AppError('SOURCE_GONE', 'deleted') };
    await addFile(tab, 'a', false);
    await until('a', 'failed');
    await vi.waitFor(() =>
      expect(tab.store.getState().jobs[0]).toMatchObject({ status: 'failed', needsFile: true }),
    );
    tab.sources.add('a', new File(['x'], 'a.wav'), false);
    await jobs.updateJob('a', () => ({ intent: 'queued', error: null }));
    await until('a', 'done');
    expect(await textOf('a')).toEqual(allTwelve);
  });

  it('fails a job instead of retrying forever when the database closes unexpectedly', async () => {
    const writes = failWrites('AbortError', ({ name }) => name === 'segments');
    const tab = openTab(createLocks());
    await addFile(tab, 'a');
    await until('a', 'failed');
    expect(storesOf(writes).filter((name) => name === 'segments')).toHaveLength(1);
  });

  it('gives up on a job whose workers keep crashing', async () => {
    const tab = openTab(createLocks());
    const die = new AppError('WORKER_CRASHED', 'killed', { fatal: true });
    const { recogniser } = tab.stages;
    recogniser.recognise = async () => {
      throw die;
    };
    await addFile(tab, 'a');
    await until('a', 'failed');
    expect((await jobs.getJob('a'))?.error?.code).toBe('WORKER_CRASHED');
  });

  it('never runs a job in two tabs', async () => {
    const locks = createLocks();
    const one = openTab(locks);
    const two = openTab(locks);
    for (const id of ['a', 'b', 'c']) await addFile(one, id);
    await until('c', 'done');
    const recognised = [...one.stages.recognised, ...two.stages.recognised].flat();
    expect(recognised).toHaveLength(36);
    for (const id of ['a', 'b', 'c']) expect(await textOf(id)).toEqual(allTwelve);
  });

  it('resumes in another tab after a tab is closed, once the copy is stored', async () => {
    const locks = createLocks();
    const one = openTab(locks);
    one.stages.hold = HOLD_AFTER_TWO;
    await addFile(one, 'a');
    await vi.waitFor(async () => expect(await textOf('a')).toHaveLength(3));
    await vi.waitFor(async () =>
      expect((await transcripts.getTranscript('a'))?.media).toBe('kept'),
    );
    one.runner.dispose();
    const two = openTab(locks);
    await until('a', 'done');
    expect(await textOf('a')).toEqual(allTwelve);
    expect(two.stages.recognised.flat()).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('uses the vocabulary a job started with, even after a reload; the next job uses the new one', async () => {
    const locks = createLocks();
    const one = openTab(locks);
    one.stages.hold = HOLD_AFTER_TWO;
    vocabulary = ['ctDNA'];
    await addFile(one, 'a');
    await vi.waitFor(async () => expect(await textOf('a')).toHaveLength(3));
    await vi.waitFor(async () =>
      expect((await transcripts.getTranscript('a'))?.media).toBe('kept'),
    );
    vocabulary = ['Kubernetes'];
    one.runner.dispose();
    const two = openTab(locks);
    await addFile(two, 'b');
    await until('b', 'done');
    expect(one.stages.hotWords).toEqual(Array(2).fill(['ctDNA']));
    expect(two.stages.hotWords.map((words) => words.join())).toEqual([
      'ctDNA',
      'ctDNA',
      ...Array(4).fill('Kubernetes'),
    ]);
    expect((await jobs.getJob('a'))?.options?.hotWords).toEqual([]);
  });

  it('uses the current vocabulary for a job that stored nothing before it failed', async () => {
    const tab = openTab(createLocks());
    vocabulary = ['ctDNA'];
    tab.stages.failBatch = { at: 0, error: new AppError('RECOGNISE_FAILED', 'broken') };
    await addFile(tab, 'a');
    await until('a', 'failed');
    vocabulary = ['Kubernetes'];
    await jobs.updateJob('a', () => ({ intent: 'queued', error: null }));
    await until('a', 'done');
    expect(new Set(tab.stages.hotWords.flat())).toEqual(new Set(['Kubernetes']));
  });

  it('uses the model and the language a job started with', async () => {
    const tab = openTab(createLocks());
    tab.stages.hold = HOLD_AFTER_TWO;
    await addFile(tab, 'a');
    await vi.waitFor(async () => expect(await textOf('a')).toHaveLength(3));
    await jobs.updateJob('a', () => ({ intent: 'paused' }));
    await vi.waitFor(() => expect(tab.stages.closed).toBe(tab.stages.opened));
    chosen = { ...UNCHOSEN, modelId: 'other', language: 'de' };
    tab.stages.hold = null;
    await jobs.updateJob('a', () => ({ intent: 'queued' }));
    await addFile(tab, 'b');
    await until('b', 'done');
    expect(tab.stages.prepared).toEqual(['starter', 'starter', 'other']);
    // the made-up recogniser finds French where it is told nothing
    expect((await transcripts.getTranscript('a'))?.language).toBe('fr');
    expect((await transcripts.getTranscript('b'))?.language).toBe('de');
  });

  it('resumes without a vocabulary if an older build started without one', async () => {
    const tab = openTab(createLocks());
    tab.stages.hold = HOLD_AFTER_TWO;
    await addFile(tab, 'a');
    await vi.waitFor(async () => expect(await textOf('a')).toHaveLength(3));
    await jobs.updateJob('a', () => ({ intent: 'paused', options: undefined }) as object);
    await vi.waitFor(() => expect(tab.stages.closed).toBe(tab.stages.opened));
    vocabulary = ['Kubernetes'];
    tab.stages.hold = null;
    await jobs.updateJob('a', () => ({ intent: 'queued' }));
    await until('a', 'done');
    expect(tab.stages.hotWords.flat()).toEqual([]);
    expect(await textOf('a')).toEqual(allTwelve);
  });

  it('reports that there was no speech', async () => {
    const tab = openTab(createLocks(), createTestStages(60, 0));
    await addFile(tab, 'a');
    await until('a', 'failed');
    expect((await jobs.getJob('a'))?.error).toMatchObject({
      code: 'NO_SPEECH',
      details: {
        durationMs: 60_000,
        channels: 1,
        track: 1,
        tracks: 1,
        tracksLookedAt: 1,
        loudestDbfs: -12,
      },
    });
  });

  it('transcribes the audio track with speech, and stores which one it was', async () => {
    const tab = openTab(createLocks());
    tab.stages.tracks = ['silent', 'film'];
    await addFile(tab, 'a');
    await until('a', 'done');
    expect(await textOf('a')).toEqual(allTwelve);
    expect(await transcripts.getTranscript('a')).toMatchObject({
      audioTrack: { index: 1, count: 2, name: 'film', language: null },
      audioTracks: [{ name: 'silent' }, { name: 'film' }],
    });
  });

  it('keeps its audio track after an interruption', async () => {
    const tab = openTab(createLocks());
    tab.stages.tracks = ['silent', 'film'];
    tab.stages.failBatch = { at: 2, error: new AppError('RECOGNISE_FAILED', 'broken') };
    await addFile(tab, 'a');
    await until('a', 'failed');
    expect(await jobs.getJob('a')).toMatchObject({ audioTrack: 1, loudest: 0.25 });
    const opened = tab.stages.openedTracks.length;
    await jobs.updateJob('a', () => ({ intent: 'queued', error: null }));
    await until('a', 'done');
    expect(tab.stages.openedTracks.slice(opened)).toEqual([1]);
    expect(await textOf('a')).toEqual(allTwelve);
  });

  it('tries every track before it reports that there was no speech', async () => {
    const tab = openTab(createLocks());
    tab.stages.tracks = ['silent', 'silent', 'silent'];
    await addFile(tab, 'a');
    await until('a', 'failed');
    expect((await jobs.getJob('a'))?.error).toMatchObject({
      code: 'NO_SPEECH',
      details: { tracks: 3, tracksLookedAt: 3 },
    });
  });

  it('transcribes the track that the user chose, and no other if it is silent', async () => {
    const tab = openTab(createLocks());
    tab.stages.tracks = ['film', 'silent', 'commentary'];
    await addFile(tab, 'a');
    await until('a', 'done');
    await jobs.restartJob('a', { audioTrack: 2, isTrackGiven: true });
    await until('a', 'done');
    expect(await textOf('a')).toEqual(allTwelve);
    expect((await transcripts.getTranscript('a'))?.audioTrack).toMatchObject({ index: 2 });
    await jobs.restartJob('a', { audioTrack: 1, isTrackGiven: true });
    await until('a', 'failed');
    expect(await textOf('a')).toEqual([]);
    expect((await jobs.getJob('a'))?.error?.details).toMatchObject({ track: 2, tracksLookedAt: 1 });
  });

  it('fails the job and keeps its batches when the disk is full, and resumes on retry', async () => {
    let full = false;
    onTestFinished(
      onChange(({ kind }) => {
        if (kind === 'segments') full = true;
      }),
    );
    const writes = failWrites('QuotaExceededError', () => full);
    const tab = openTab(createLocks());
    await addFile(tab, 'a');
    await vi.waitFor(() =>
      expect(tab.store.getState().jobs[0]).toMatchObject({
        status: 'failed',
        error: { code: 'STORE_QUOTA' },
      }),
    );
    expect(await textOf('a')).toEqual(['w0']);
    writes.mockRestore();
    tab.runner.clearFailure('a');
    await until('a', 'done');
    expect(await textOf('a')).toEqual(allTwelve);
  });

  it('asks for the file again if it is neither stored nor open in any tab', async () => {
    await jobs.addJobs([
      {
        id: 'a',
        title: 'a',
        source: { name: 'a.wav', mediaType: '', sizeBytes: 1, sha256: null },
        media: 'copying',
      },
    ]);
    const tab = openTab(createLocks());
    await vi.waitFor(() =>
      expect(tab.store.getState().jobs[0]).toMatchObject({ status: 'failed', needsFile: true }),
    );
    tab.sources.add('a', new File(['x'], 'a.wav'), false);
    tab.runner.wake();
    await until('a', 'done');
  });

  it('removes a cancelled job and restores it', async () => {
    const tab = openTab(createLocks());
    tab.stages.hold = HOLD_AFTER_TWO;
    await addFile(tab, 'a');
    await vi.waitFor(async () => expect(await textOf('a')).toHaveLength(3));
    await transcripts.setDeleted('a', true);
    await vi.waitFor(() => expect(tab.store.getState().jobs).toEqual([]));
    await vi.waitFor(() => expect(tab.stages.closed).toBe(tab.stages.opened));
    tab.stages.hold = null;
    await transcripts.setDeleted('a', false);
    await until('a', 'done');
    expect(await textOf('a')).toEqual(allTwelve);
  });
});
