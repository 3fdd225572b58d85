import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Aligner } from '@/lib/client/editing/word-timer';
import { joinPeaks } from '@/lib/client/playback/waveform';
import { sampleTranscript } from '@/lib/client/sharing/test-share';
import type { Locks } from '@/lib/client/store/current-library';
import { closeDatabase } from '@/lib/client/store/db';
import * as jobs from '@/lib/client/store/jobs';
import { getMedia, keepMedia } from '@/lib/client/store/media';
import type { JobError } from '@/lib/client/store/schema';
import { memoryStorage } from '@/lib/client/store/test-opfs';
import * as transcripts from '@/lib/client/store/transcripts';
import { AppError } from '@/lib/core/errors';
import { createTestStages, type TestStages } from '@/lib/engine/pipeline/test-stages';
import { createCommands } from './commands';
import type { JobCommands } from './job-store';
import { SourceRegistry } from './source-registry';

let commands: JobCommands;
let hasRoom: boolean;
let stages: TestStages;
/** Calls of the runner. */
let calls: string[];
let aligners: { made: number; disposed: number };

/** Hears a word every 100 ms, 200 ms after the start of what it gets. */
function createAligner(): Aligner {
  aligners.made += 1;
  return {
    languages: async () => ['en'],
    align: async (_, words) =>
      words.map((_word, at) => ({
        startSample: (200 + at * 100) * 16,
        endSample: (300 + at * 100) * 16,
        agreement: 1,
      })),
    dispose: () => {
      aligners.disposed += 1;
    },
  };
}

beforeEach(() => {
  hasRoom = true;
  stages = createTestStages(12);
  calls = [];
  aligners = { made: 0, disposed: 0 };
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  browser({ storage: memoryStorage() });
  onTestFinished(async () => {
    warn.mockRestore();
    vi.unstubAllGlobals();
    await closeDatabase();
    await deleteDB('ai2text');
  });
});

/** A browser with the app open in it. */
function browser(navigator: { storage?: ReturnType<typeof memoryStorage> }): void {
  vi.stubGlobal('navigator', navigator);
  const locks: Locks = {
    // one of two overloads; the last argument is the callback in both
    request: (async (_name: string, ...rest: unknown[]) =>
      (rest.at(-1) as () => unknown)()) as Locks['request'],
    query: async () => ({ held: [], pending: [] }),
  };
  const sources = new SourceRegistry(
    { getMedia, keepMedia, hasQuotaFor: async () => hasRoom },
    locks,
  );
  commands = createCommands({
    sources,
    runner: () => ({
      start: () => Promise.resolve(),
      wake: () => calls.push('wake'),
      clearFailure: (id: string) => calls.push(`clearFailure ${id}`),
      dispose: () => undefined,
    }),
    decoder: stages.decoder,
    createAligner,
    getJobOptions: async () => ({
      modelId: 'draft',
      hotWords: [],
      language: null,
      task: 'transcribe',
    }),
  });
  onTestFinished(() => sources.dispose());
}

const file = (name: string, text = 'sound', type = 'audio/mpeg') =>
  new File([text], name, { type });
const names = async () => (await jobs.listJobs()).map(({ fileName }) => fileName);
const idOf = async (name: string) =>
  (await jobs.listJobs()).find(({ fileName }) => fileName === name)?.id ?? '';
const intentOf = async (name: string) =>
  (await jobs.listJobs()).find(({ fileName }) => fileName === name)?.intent;
/** Where the copies of all recordings are, once they are there. */
const media = (expected: string[]) =>
  vi.waitFor(
    async () => {
      const all = await transcripts.listTranscripts();
      expect(all.map((one) => one.media)).toEqual(expected);
    },
    { timeout: 10_000, interval: 5 },
  );

describe('adding files', () => {
  it('queues any number in order, each titled by its name without the extension', async () => {
    const added = Array.from({ length: 30 }, (_, at) => file(`clip ${at}.mp3`));
    await commands.add(added);
    expect(await names()).toEqual(added.map(({ name }) => name));
    expect(calls).toEqual(['wake']);
    const titles = (await transcripts.listTranscripts()).map(({ title }) => title);
    expect(new Set(titles).size).toBe(30);
    expect(titles).toContain('clip 0');
    await media(added.map(() => 'kept'));
  });

  it.each([
    ['interview.final.mp3', 'interview.final'],
    ['.mp3', '.mp3'],
    ['no ending', 'no ending'],
    ['Dr. Meier', 'Dr. Meier'],
  ])('calls %s “%s”', async (name, title) => {
    await commands.add([file(name)]);
    expect((await transcripts.listTranscripts())[0]?.title).toBe(title);
  });

  it('stores a copy of each', async () => {
    await commands.add([file('a.mp3', 'one'), file('b.mp3', 'two')]);
    await media(['kept', 'kept']);
    expect(await (await getMedia(await idOf('b.mp3')))?.text()).toBe('two');
  });

  it('continues without a copy if there is no space, or no private file system', async () => {
    hasRoom = false;
    await commands.add([file('a.mp3')]);
    await media(['none']);
    expect(await intentOf('a.mp3')).toBe('queued');
    browser({});
    await commands.add([file('b.mp3')]);
    await media(['none', 'none']);
    expect(await intentOf('b.mp3')).toBe('queued');
  });

  it('does nothing without files', async () => {
    await commands.add([]);
    expect(calls).toEqual([]);
  });
});

describe('adding a recording with a text that is there already', () => {
  const talk = () => ({ ...sampleTranscript(), title: 'talk' });

  it('stores one transcript that can be played, and recognises nothing', async () => {
    const shares: number[] = [];
    const id = await commands.addWithText(file('talk.mp3'), talk(), {
      hasCues: false,
      onProgress: (share) => shares.push(share),
    });
    await media(['kept']);
    expect(await jobs.listJobs()).toEqual([]);
    expect(stages.recognised).toEqual([]);
    const { segments, source, durationMs } = await transcripts.readTranscript(id);
    expect(segments).toEqual(talk().segments);
    expect(source).toMatchObject({ name: 'talk.mp3', mediaType: 'audio/wav', sizeBytes: 5 });
    expect(durationMs).toBe(12_000);
    expect(await (await getMedia(id))?.text()).toBe('sound');
    const peaks = joinPeaks(await transcripts.getPeaks(id), durationMs);
    expect(peaks).toHaveLength(240);
    expect(new Set(peaks)).toEqual(new Set([7]));
    expect(shares.at(-1)).toBe(1);
    expect(stages.closed).toBe(stages.opened);
  });

  it('has the length of the text where that continues after the sound', async () => {
    stages = createTestStages(0.5);
    browser({ storage: memoryStorage() });
    const id = await commands.addWithText(file('talk.mp3'), talk(), { hasCues: false });
    expect((await transcripts.getTranscript(id))?.durationMs).toBe(1000);
  });

  it('takes the times of the words of subtitles from the sound', async () => {
    const id = await commands.addWithText(file('talk.mp3'), talk(), { hasCues: true });
    const { segments } = await transcripts.readTranscript(id);
    const starts = segments.flatMap(({ words }) => words.map(({ startMs }) => startMs));
    expect(starts).toEqual([200, 300]);
    expect(aligners).toEqual({ made: 1, disposed: 1 });
  });

  it('stores nothing if the recording cannot be decoded', async () => {
    stages.failNext.decode = new AppError('DECODE_FAILED', 'A test wants it.');
    await expect(
      commands.addWithText(file('talk.mp3'), talk(), { hasCues: true }),
    ).rejects.toMatchObject({
      code: 'DECODE_FAILED',
    });
    expect(await transcripts.listTranscripts()).toEqual([]);
  });
});

describe('a job', () => {
  beforeEach(async () => {
    await commands.add([file('a.mp3'), file('b.mp3'), file('c.mp3')]);
    await media(['kept', 'kept', 'kept']);
    calls.length = 0;
  });

  it('can be paused and resumed', async () => {
    const id = await idOf('a.mp3');
    await commands.pause(id);
    expect(await intentOf('a.mp3')).toBe('paused');
    await commands.pause(id);
    await commands.resume(id);
    expect(await intentOf('a.mp3')).toBe('queued');
  });

  it('stays done if it is paused or resumed too late', async () => {
    const id = await idOf('a.mp3');
    await jobs.updateJob(id, () => ({ intent: 'done' }));
    await commands.pause(id);
    await commands.resume(id);
    expect(await intentOf('a.mp3')).toBe('done');
  });

  it('can be deleted and restored unchanged', async () => {
    const id = await idOf('b.mp3');
    await transcripts.setDeleted(id, true);
    expect(await names()).toEqual(['a.mp3', 'c.mp3']);
    expect(await transcripts.getTranscript(id)).toBeNull();
    await transcripts.setDeleted(id, false);
    expect(await names()).toEqual(['a.mp3', 'b.mp3', 'c.mp3']);
  });

  it('runs in the order that the user sets', async () => {
    const [a, c] = [await idOf('a.mp3'), await idOf('c.mp3')];
    await commands.move(c, -1);
    expect(await names()).toEqual(['a.mp3', 'c.mp3', 'b.mp3']);
    // from the ends there is nowhere to go
    await commands.move(a, -1);
    await commands.move(await idOf('b.mp3'), 1);
    expect(await names()).toEqual(['a.mp3', 'c.mp3', 'b.mp3']);
    // what is done is in the library, and no place
    await jobs.updateJob(c, () => ({ intent: 'done' }));
    await commands.move(a, 1);
    expect((await names()).filter((name) => name !== 'c.mp3')).toEqual(['b.mp3', 'a.mp3']);
  });
});

describe('a job that failed', () => {
  const error: JobError = { code: 'SOURCE_GONE', message: 'gone', details: {} };
  let id: string;
  beforeEach(async () => {
    await commands.add([file('a.mp3', 'whole')]);
    await media(['kept']);
    id = await idOf('a.mp3');
    await jobs.updateJob(id, () => ({ intent: 'failed', error }));
    calls.length = 0;
  });

  it('can be retried as if it had never failed', async () => {
    await commands.retry(id);
    expect(await jobs.getJob(id)).toMatchObject({ intent: 'queued', error: null });
    expect(calls).toEqual([`clearFailure ${id}`]);
  });

  it('accepts the file that it started with, and no other', async () => {
    await expect(commands.retry(id, file('other.mp3', 'another size'))).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      details: { expectedBytes: 5, chosenBytes: 12 },
    });
    expect(await jobs.getJob(id)).toMatchObject({ intent: 'failed' });
    expect(calls).toEqual([]);
    await commands.retry(id, file('renamed.mp3', 'again'));
    await media(['kept']);
    expect(await (await getMedia(id))?.text()).toBe('again');
    expect(await jobs.getJob(id)).toMatchObject({ intent: 'queued', error: null });
  });

  it('is left to recovery if it is a recording', async () => {
    await jobs.updateJob(id, () => ({ intent: 'recording', error }));
    await commands.retry(id);
    expect(await jobs.getJob(id)).toMatchObject({ intent: 'recording', error: null });
    expect(calls).toEqual([]);
  });
});
