import { describe, expect, it, vi } from 'vitest';
import * as jobs from '@/lib/client/store/jobs';
import * as transcripts from '@/lib/client/store/transcripts';
import { AppError } from '@/lib/core/errors';
import { createTestStages } from '@/lib/engine/pipeline/test-stages';
import {
  addFile,
  allTwelve,
  closeTabsAfterEach,
  createLocks,
  HOLD_AFTER_TWO,
  openTab,
  settings,
  textOf,
  UNCHOSEN,
  until,
} from './test-runner';

closeTabsAfterEach();

describe('a job’s settings', () => {
  it('uses the vocabulary a job started with, even after a reload; the next job uses the new one', async () => {
    const locks = createLocks();
    const one = openTab(locks);
    one.stages.hold = HOLD_AFTER_TWO;
    settings.vocabulary = ['ctDNA'];
    await addFile(one, 'a');
    await vi.waitFor(async () => expect(await textOf('a')).toHaveLength(3));
    await vi.waitFor(async () =>
      expect((await transcripts.getTranscript('a'))?.media).toBe('kept'),
    );
    settings.vocabulary = ['Kubernetes'];
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
    settings.vocabulary = ['ctDNA'];
    tab.stages.failBatch = { at: 0, error: new AppError('RECOGNISE_FAILED', 'broken') };
    await addFile(tab, 'a');
    await until('a', 'failed');
    settings.vocabulary = ['Kubernetes'];
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
    settings.options = { ...UNCHOSEN, modelId: 'other', language: 'de' };
    tab.stages.hold = null;
    await jobs.updateJob('a', () => ({ intent: 'queued' }));
    await addFile(tab, 'b');
    await until('b', 'done');
    expect(tab.stages.prepared).toEqual(['starter', 'starter', 'other']);
    // the fake recogniser finds French where no language is given
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
    settings.vocabulary = ['Kubernetes'];
    tab.stages.hold = null;
    await jobs.updateJob('a', () => ({ intent: 'queued' }));
    await until('a', 'done');
    expect(tab.stages.hotWords.flat()).toEqual([]);
    expect(await textOf('a')).toEqual(allTwelve);
  });
});

describe('a job’s audio track', () => {
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
});
