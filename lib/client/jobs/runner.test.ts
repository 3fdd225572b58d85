import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { onChange } from '@/lib/client/store/changes';
import * as jobs from '@/lib/client/store/jobs';
import * as transcripts from '@/lib/client/store/transcripts';
import { AppError } from '@/lib/core/errors';
import {
  addFile,
  allTwelve,
  closeTabsAfterEach,
  createLocks,
  failWrites,
  HOLD_AFTER_TWO,
  intentOf,
  mediaStore,
  openTab,
  storesOf,
  textOf,
  until,
} from './test-runner';

closeTabsAfterEach();

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
