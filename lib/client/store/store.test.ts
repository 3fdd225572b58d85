import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';
import type { TranscriptSegment } from '@/lib/transcript/types';
import { closeDatabase } from './db';
import {
  addJobs,
  finishJob,
  getJob,
  listJobs,
  NO_STATS,
  orderJobs,
  restartJob,
  storeBatch,
  updateJob,
} from './jobs';
import { getSetting, setSetting } from './settings';
import {
  getPeaks,
  getSegments,
  getTranscript,
  getWords,
  listTranscripts,
  readTranscript,
  searchTranscripts,
  setDeleted,
  updateTranscript,
} from './transcripts';

const source = (name: string) => ({ name, mediaType: 'audio/wav', sizeBytes: 10, sha256: null });

const segment = (index: number, text: string): TranscriptSegment => ({
  id: `seg-${index}`,
  startMs: index * 1000,
  endMs: index * 1000 + 900,
  speakerId: null,
  text,
  edited: false,
  words: text.split(' ').map((word, at) => ({
    text: word,
    startMs: index * 1000 + at * 100,
    endMs: index * 1000 + at * 100 + 90,
    confidence: 0.5,
  })),
});

const batchOf = (index: number, ...texts: string[]) => ({
  segments: texts.map((text, at) => segment(index + at, text)),
  endMs: index * 1000 + 900,
  peaks: [{ transcriptId: 'a', firstPeak: index * 20, peaks: new Uint8Array([1, 2]) }],
  notices: [],
  progress: {
    checkpoint: null,
    nextIndex: index + texts.length,
    batches: index + 1,
    decoder: 'webcodecs' as const,
    doneMs: index * 1000 + 900,
  },
  stats: NO_STATS,
  durationMs: 60_000,
});

const add = (...ids: string[]) =>
  addJobs(ids.map((id) => ({ id, title: id, source: source(`${id}.wav`), media: 'none' })));

afterEach(async () => {
  await closeDatabase();
  await deleteDB('ai2text');
});

describe('the store', () => {
  it('appends a batch and moves the checkpoint together', async () => {
    await add('a');
    expect(await storeBatch('a', batchOf(0, 'hello world'))).toBe(true);
    expect(await storeBatch('a', batchOf(1, 'good day', 'to you'))).toBe(true);
    expect((await getSegments('a')).map((row) => row.text)).toEqual([
      'hello world',
      'good day',
      'to you',
    ]);
    expect(await getJob('a')).toMatchObject({ nextIndex: 3, batches: 2, doneMs: 1900 });
    expect(await getTranscript('a')).toMatchObject({ wordCount: 6, state: 'partial' });
    expect([...(await getWords('a', 1, 2)).keys()]).toEqual([1]);
  });

  it('exports a transcript as the contract specifies', async () => {
    await add('a');
    await storeBatch('a', batchOf(0, 'hello world'));
    const model = { id: 'm', backend: 'wasm', precision: 'int8' } as const;
    await finishJob('a', { durationMs: 5000, model, notices: [], stats: NO_STATS, peaks: [] });
    const transcript = await readTranscript('a');
    expect(transcript).toMatchObject({ version: 1, title: 'a', durationMs: 5000, model });
    expect(transcript.segments[0]?.words.map((word) => word.text)).toEqual(['hello', 'world']);
    expect(transcript.segments[0]).not.toHaveProperty('wordCount');
    expect(await getSegments('a')).toMatchObject([{ text: 'hello world', wordCount: 2 }]);
    expect(await getJob('a')).toMatchObject({ intent: 'done' });
  });

  it('exports the bookmarks of a recording with their labels, and no field if there are none', async () => {
    await add('a', 'b');
    const marks = [
      { id: 'm', atMs: 1200 },
      { id: 'n', atMs: 2400, label: 'Her answer' },
    ];
    await updateTranscript('a', { marks });
    await updateTranscript('b', { marks: [] });
    expect((await readTranscript('a')).marks).toEqual([
      { atMs: 1200 },
      { atMs: 2400, label: 'Her answer' },
    ]);
    expect(await readTranscript('b')).not.toHaveProperty('marks');
  });

  it('stores a batch once, even if two tabs made it', async () => {
    await add('a');
    expect(await storeBatch('a', batchOf(0, 'hello world'))).toBe(true);
    expect(await storeBatch('a', batchOf(0, 'hello world'))).toBe(false);
    expect((await getSegments('a')).map((row) => row.text)).toEqual(['hello world']);
    expect(await getTranscript('a')).toMatchObject({ wordCount: 2 });
  });

  it('stores no batch for a deleted job', async () => {
    expect(await storeBatch('missing', batchOf(0, 'x'))).toBe(false);
    expect(await getSegments('missing')).toEqual([]);
  });

  it('keeps the segments of one transcript apart from those of another', async () => {
    await add('a', 'ab');
    await storeBatch('ab', batchOf(0, 'other'));
    expect(await getSegments('a')).toEqual([]);
  });

  it('hides what is deleted and shows it again after undo', async () => {
    await add('a');
    await setDeleted('a', true);
    expect([await listTranscripts(), await listJobs()]).toEqual([[], []]);
    await setDeleted('a', false);
    expect((await listJobs()).map((job) => job.id)).toEqual(['a']);
  });

  it('restarts a job with another audio track, without the text of the previous one', async () => {
    await add('a');
    const tracks = ['eng', 'fra'].map((language) => ({ name: null, language, isDefault: false }));
    await updateTranscript('a', { audioTracks: tracks });
    const first = batchOf(0, 'hello world');
    await storeBatch('a', { ...first, progress: { ...first.progress, audioTrack: 0 } });
    await restartJob('a', { audioTrack: 1, isTrackGiven: true });
    expect(await getJob('a')).toMatchObject({
      intent: 'queued',
      audioTrack: 1,
      isTrackGiven: true,
      batches: 0,
      nextIndex: 0,
      checkpoint: null,
    });
    expect(await getTranscript('a')).toMatchObject({
      state: 'partial',
      wordCount: 0,
      audioTrack: { index: 1, count: 2, name: null, language: 'fra' },
    });
    expect(await Promise.all([getSegments('a'), getPeaks('a')])).toEqual([[], []]);
    expect((await getWords('a', 0, 9)).size).toBe(0);
    // a run that has not noticed yet has nothing to say any more
    expect(
      await storeBatch('a', { ...first, progress: { ...first.progress, audioTrack: 0 } }),
    ).toBe(false);
  });

  it('keeps the order of the queue as the user set it', async () => {
    await add('a', 'b', 'c');
    await orderJobs(['c', 'a', 'b']);
    await add('d');
    expect((await listJobs()).map((job) => job.id)).toEqual(['c', 'a', 'b', 'd']);
  });

  it('changes only the given fields of a job', async () => {
    await add('a');
    expect(await updateJob('a', () => null)).toBe(false);
    expect(await updateJob('a', () => ({ intent: 'paused' }))).toBe(true);
    expect(await updateJob('missing', () => ({ intent: 'paused' }))).toBe(false);
    expect((await getJob('a'))?.intent).toBe('paused');
  });

  it('finds titles and text ignoring case, with their position', async () => {
    await add('Interview', 'b');
    await storeBatch('b', batchOf(0, 'nothing here', 'A Red Fox', 'the red car'));
    expect(await searchTranscripts('RED')).toEqual([
      { transcriptId: 'b', startMs: 1000, text: 'A Red Fox', count: 2 },
    ]);
    expect((await searchTranscripts('interv')).map((hit) => hit.startMs)).toEqual([null]);
    expect(await searchTranscripts('  ')).toEqual([]);
  });

  it('stores a vocabulary within its limits, and refuses one beyond them', async () => {
    await setSetting('vocabulary', ['Anna Schmidt', 'ctDNA']);
    expect(await getSetting('vocabulary')).toEqual(['Anna Schmidt', 'ctDNA']);
    const [written, sounds] = ['x'.repeat(60), 'y'.repeat(60)];
    await setSetting('vocabulary', [`${written} = ${sounds}`]);
    expect(await getSetting('vocabulary')).toEqual([`${written} = ${sounds}`]);
    await setSetting('vocabulary', [`x = ${sounds}y`]);
    expect(await getSetting('vocabulary')).toEqual([]);
    await setSetting('vocabulary', ['x'.repeat(61)]);
    expect(await getSetting('vocabulary')).toEqual([]);
    await setSetting('vocabulary', Array(501).fill('x'));
    expect(await getSetting('vocabulary')).toEqual([]);
  });

  it('falls back to the default if a stored setting is invalid', async () => {
    await setSetting('playbackRate', 2);
    expect(await getSetting('playbackRate')).toBe(2);
    await setSetting('playbackRate', 99);
    expect(await getSetting('playbackRate')).toBe(1);
  });
});
