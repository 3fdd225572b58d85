import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { onChange } from '@/lib/client/store/changes';
import { closeDatabase } from '@/lib/client/store/db';
import * as jobs from '@/lib/client/store/jobs';
import * as transcripts from '@/lib/client/store/transcripts';
import { abortError, onAbort } from '@/lib/core/abort';
import { AppError } from '@/lib/core/errors';
import type { FirstWordsWriter, JobOptions } from '@/lib/engine/pipeline/stages';
import { createTestStages, type TestStages } from '@/lib/engine/pipeline/test-stages';
import type { SegmentedSpeech } from '@/lib/engine/vad/vad-session';
import { runJob } from './run-job';

const OPTIONS: JobOptions = { modelId: 'base', hotWords: [], language: null, task: 'transcribe' };
const ID = 'a';
const view = {
  stage: () => undefined,
  open: () => undefined,
  progress: () => undefined,
  text: vi.fn(),
  end: () => undefined,
};

/** Draft: what the model writes `w3` is `d3` to it. The batch of number `until` and later ones wait. */
function draft(until = Number.POSITIVE_INFINITY): FirstWordsWriter & { heard: number[][] } {
  const heard: number[][] = [];
  return {
    heard,
    info: { modelId: 'draft', backend: 'wasm', precision: 'int8', language: 'en', threads: 1 },
    async recognise(batch, signal) {
      if (heard.length >= until)
        await new Promise<void>((_, reject) => {
          onAbort(signal, () => reject(abortError(signal)));
        });
      const numbers = batch.map((pcm) => pcm[0] ?? Number.NaN);
      heard.push(numbers);
      const hypotheses = numbers.map((number) => ({
        words: [{ text: `d${number}`, startSample: 0, endSample: 16_000, confidence: 0.5 }],
      }));
      return { hypotheses, inferenceMs: 1, searchMs: 1, language: 'en' };
    },
  };
}

/** Stages whose model is not loaded before `load` is called. */
function loading(seconds: number): TestStages & { load(): void; fail(error: AppError): void } {
  const stages = createTestStages(seconds);
  let settle: { load(): void; fail(error: AppError): void } = {
    load: () => undefined,
    fail: () => undefined,
  };
  stages.loading = new Promise((load, fail) => {
    settle = { load, fail };
  });
  stages.loading.catch(() => undefined); // the run meets it
  return Object.assign(stages, settle);
}

async function run(stages: TestStages, signal = new AbortController().signal) {
  const job = await jobs.getJob(ID);
  if (!job) throw new Error('There is no job.');
  const getJobOptions = async () => OPTIONS;
  return runJob({ job, source: new Blob(['x']), stages, getJobOptions, view, signal });
}

const texts = async () => (await transcripts.getSegments(ID)).map(({ text }) => text);
const record = async () => (await transcripts.getTranscript(ID)) ?? undefined;
const said = (mark: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `${mark}${from + at}`);
const shows = (rows: string[]) =>
  vi.waitFor(async () => expect(await texts()).toEqual(rows), { timeout: 5000, interval: 5 });

beforeEach(async () => {
  const source = { name: 'a.wav', mediaType: '', sizeBytes: 1, sha256: null };
  await jobs.addJobs([{ id: ID, title: 'a', source, media: 'none' }]);
});

afterEach(async () => {
  await closeDatabase();
  await deleteDB('ai2text');
  vi.restoreAllMocks();
});

describe('first words', () => {
  it('are shown while the model loads, and are replaced by its own words without a gap', async () => {
    const stages = loading(60);
    stages.firstWords = draft();
    // a real segmenter knows of speech when it is over: progress is further than the first batches by then
    const { open } = stages.segmenter;
    stages.segmenter.open = async (...given) => {
      const session = await open(...given);
      const late: SegmentedSpeech[] = [];
      const push: typeof session.push = async (chunk) => {
        late.push(...(await session.push(chunk)));
        return [];
      };
      return { ...session, push, finish: async () => late };
    };
    const seen: string[][] = [];
    const end = run(stages);
    await shows(said('d', 0, 12));
    expect(await record()).toMatchObject({
      state: 'partial',
      wordCount: 12,
      model: { id: 'draft' },
    });
    expect(await jobs.getJob(ID)).toMatchObject({ batches: 0, checkpoint: null, nextIndex: 0 });
    // read after each batch, before the next one is written
    onTestFinished(
      onChange(({ kind }) => {
        if (kind === 'segments' || kind === 'restarted')
          void texts().then((rows) => seen.push(rows));
      }),
    );
    stages.load();
    expect(await end).toBe('done');
    expect(seen).toEqual([
      [...said('w', 0, 1), ...said('d', 1, 12)],
      [...said('w', 0, 3), ...said('d', 3, 12)],
      [...said('w', 0, 7), ...said('d', 7, 12)],
      said('w', 0, 12),
    ]);
    expect(await record()).toMatchObject({
      state: 'complete',
      wordCount: 12,
      model: { id: 'base' },
    });
    expect(stages.recognised.flat()).toEqual(Array.from({ length: 12 }, (_, at) => at));
  });

  it('stop when the model is ready, which does not wait for them', async () => {
    const stages = loading(60);
    stages.firstWords = draft(2);
    const end = run(stages);
    await shows(said('d', 0, 3));
    stages.load();
    expect(await end).toBe('done');
    expect(await texts()).toEqual(said('w', 0, 12));
  });

  it('cover the first minute only, however long the file is and the model loads', async () => {
    const stages = loading(600);
    const writer = draft();
    stages.firstWords = writer;
    const end = run(stages);
    // batches of 1, 2, 4 and 8 segments of 5 s
    await shows(said('d', 0, 15));
    stages.load();
    await end;
    expect(writer.heard.flat()).toHaveLength(15);
    expect(await texts()).toEqual(said('w', 0, 120));
  });

  it('are not recognised if the model is ready before any speech', async () => {
    const stages = createTestStages(60);
    const writer = draft();
    stages.firstWords = writer;
    await run(stages);
    expect(writer.heard).toEqual([]);
    expect(await texts()).toEqual(said('w', 0, 12));
  });

  it('survive a reload until the next run, and are not written twice', async () => {
    const [stages, abort] = [loading(60), new AbortController()];
    stages.firstWords = draft();
    const end = run(stages, abort.signal);
    await shows(said('d', 0, 12));
    abort.abort();
    await expect(end).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await texts()).toEqual(said('d', 0, 12));
    const again = loading(60);
    again.firstWords = draft(1);
    const next = run(again);
    await vi.waitFor(() => expect(again.prepared).toHaveLength(1));
    await shows(said('d', 0, 12));
    again.load();
    await next;
    expect(await texts()).toEqual(said('w', 0, 12));
    expect((await record())?.wordCount).toBe(12);
  });

  it('are not written for a job that has text already', async () => {
    const [stages, abort] = [createTestStages(60), new AbortController()];
    stages.hold = { after: 2, until: new Promise(() => undefined) };
    const end = run(stages, abort.signal);
    await shows(said('w', 0, 3));
    abort.abort();
    await expect(end).rejects.toMatchObject({ code: 'ABORTED' });
    const again = loading(60);
    const writer = draft();
    again.firstWords = writer;
    const next = run(again);
    await vi.waitFor(() => expect(again.prepared).toHaveLength(1));
    again.load();
    await next;
    expect(writer.heard).toEqual([]);
    expect(await texts()).toEqual(said('w', 0, 12));
  });

  it('do not affect the job if they fail', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const stages = loading(60);
    const recognise = async () => {
      throw new AppError('OUT_OF_MEMORY', 'full', { fatal: true });
    };
    stages.firstWords = { ...draft(), recognise };
    const end = run(stages);
    await vi.waitFor(() => expect(warn).toHaveBeenCalled());
    stages.load();
    expect(await end).toBe('done');
    expect(await texts()).toEqual(said('w', 0, 12));
  });

  it('remain as the text if the model cannot be loaded', async () => {
    const stages = loading(60);
    stages.firstWords = draft();
    const end = run(stages);
    await shows(said('d', 0, 12));
    stages.fail(new AppError('BACKEND_UNAVAILABLE', 'not here'));
    await expect(end).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
    expect(await texts()).toEqual(said('d', 0, 12));
    expect(await record()).toMatchObject({ state: 'partial', model: { id: 'draft' } });
  });

  it('are removed if the model finds no speech', async () => {
    const stages = loading(60);
    stages.firstWords = draft();
    const { recognise } = stages.recogniser;
    stages.recogniser.recognise = async (batch, options) => {
      const answer = await recognise(batch, options);
      return { ...answer, hypotheses: answer.hypotheses.map(() => ({ words: [] })) };
    };
    const end = run(stages);
    await shows(said('d', 0, 12));
    stages.load();
    await expect(end).rejects.toMatchObject({ code: 'NO_SPEECH' });
    expect(await texts()).toEqual([]);
    expect((await record())?.wordCount).toBe(0);
  });
});
