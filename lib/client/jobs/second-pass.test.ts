import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { onChange } from '@/lib/client/store/changes';
import * as jobs from '@/lib/client/store/jobs';
import * as secondPass from '@/lib/client/store/second-pass';
import * as transcripts from '@/lib/client/store/transcripts';
import { AppError } from '@/lib/core/errors';
import type { JobOptions } from '@/lib/engine/pipeline/stages';
import { createTestStages, type TestStages } from '@/lib/engine/pipeline/test-stages';
import { createJobStore } from './job-store';
import { createRunner } from './runner';
import { SourceRegistry } from './source-registry';
import {
  addFile,
  type Tab as BareTab,
  closeTabsAfterEach,
  createLocks,
  mediaStore,
  silent,
  tabs,
} from './test-runner';

/** What recordings that begin now are transcribed with, and what is wanted. */
let now = 'draft';
let wanted = 'base';
/** The user's list as it is now. */
let vocabulary: string[] = [];
/** Segments in which a model finds no words. */
let unheard: Record<string, number[]> = {};
const getJobOptions = async (): Promise<JobOptions> => ({
  modelId: now,
  ...(now === wanted ? {} : { laterModelId: wanted }),
  hotWords: vocabulary,
  language: null,
  task: 'transcribe',
});

interface Tab extends BareTab {
  /** Changes the model in use, and notifies the tab. */
  use(modelId: string): void;
}

/** Sixty seconds in twelve segments; what Draft writes `d3` is `B3` to Base. */
function openTab(locks = createLocks()): Tab {
  const stages = createTestStages(60);
  const { recogniser } = stages;
  const { recognise } = recogniser;
  recogniser.recognise = async (batch, options) => {
    const model = stages.prepared.at(-1) ?? '';
    const answer = await recognise(batch, options);
    const hypotheses = answer.hypotheses.map(({ words }) => ({
      words: words
        .filter(({ text }) => !unheard[model]?.includes(Number(text.slice(1))))
        .map((word) => ({ ...word, text: word.text.replace('w', model === 'base' ? 'B' : 'd') })),
    }));
    return { ...answer, hypotheses, language: model === 'base' ? 'fr' : 'en' };
  };
  const sources = new SourceRegistry(mediaStore, locks);
  const store = createJobStore();
  const runner = createRunner({
    getJobOptions,
    isModelInUse: async (modelId) => modelId === now,
    sources,
    locks,
    stages,
    store,
    channel: silent,
  });
  const use = (modelId: string) => {
    now = modelId;
    runner.wake();
  };
  const tab = { runner, sources, store, stages, use };
  tabs.push(tab);
  return tab;
}

const rowsOf = async (id: string) => (await transcripts.getSegments(id)).map(({ text }) => text);
const record = async (id: string) => (await transcripts.getTranscript(id)) ?? undefined;
const shows = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 5000 });
const intentIs = (id: string, intent: string) =>
  shows(async () => expect((await jobs.getJob(id))?.intent).toBe(intent));
/** The better model's text is whole. */
const isBetter = (id: string) =>
  shows(async () => {
    expect((await record(id))?.model?.id).toBe('base');
    expect((await record(id))?.secondPass).toBeUndefined();
  });
const said = (mark: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `${mark}${from + at}`);
/** A gate for the recogniser: it stands still from the batch of this number on. */
function holdAfter(stages: TestStages, batches: number): () => void {
  let release: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  stages.hold = { after: stages.recognised.length + batches, until };
  return () => {
    stages.hold = null;
    release();
  };
}

/** Rows are counted without a gap, have their own ids, and their words. */
async function expectSound(id: string) {
  const [rows, words, transcript] = await Promise.all([
    transcripts.getSegments(id),
    transcripts.getWords(id, 0, Number.POSITIVE_INFINITY),
    record(id),
  ]);
  expect(rows.map(({ index }) => index)).toEqual(rows.map((_, at) => at));
  expect(rows.map((row) => row.id)).toEqual(rows.map((_, at) => `seg-${at}`));
  for (const row of rows)
    expect(
      words
        .get(row.index)
        ?.map(({ text }) => text)
        .join(' '),
    ).toBe(row.text);
  expect(words.size).toBe(rows.length);
  const starts = rows.map(({ startMs }) => startMs);
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
  expect(transcript?.wordCount).toBe(rows.length);
}

closeTabsAfterEach();

beforeEach(() => {
  now = 'draft';
  wanted = 'base';
  vocabulary = ['ctDNA'];
  unheard = {};
});

describe('a better model’s second pass', () => {
  it('starts when the model is available, and replaces all of the text', async () => {
    const tab = openTab();
    await addFile(tab, 'a');
    await intentIs('a', 'done');
    expect(await rowsOf('a')).toEqual(said('d', 0, 12));
    expect(await record('a')).toMatchObject({
      state: 'complete',
      language: 'en',
      model: { id: 'draft' },
      secondPass: { modelId: 'base', untilMs: 0, stopped: null },
    });
    await transcripts.updateTranscript('a', { title: 'My title' });
    vocabulary = ['Kubernetes'];
    tab.use('base');
    await isBetter('a');
    expect(await rowsOf('a')).toEqual(said('B', 0, 12));
    expect(await record('a')).toMatchObject({
      state: 'complete',
      language: 'fr',
      title: 'My title',
    });
    expect(tab.stages.hotWords.every(([word]) => word === 'ctDNA')).toBe(true);
    expect(await jobs.getJob('a')).toMatchObject({ intent: 'done', options: { hotWords: [] } });
    expect((await jobs.getJob('a'))?.isSecondPass).toBeUndefined();
    await expectSound('a');
  });

  it('does not draw the waveform again', async () => {
    const tab = openTab();
    await addFile(tab, 'a');
    await intentIs('a', 'done');
    const writes = vi.spyOn(IDBObjectStore.prototype, 'put');
    tab.use('base');
    await isBetter('a');
    // the method's own `this`
    const written = writes.mock.contexts.map((context) => (context as IDBObjectStore).name);
    expect(written).toContain('segments');
    expect(written).not.toContain('peaks');
  });

  it('replaces the text from the beginning, batch by batch and without a gap', async () => {
    // Draft finds no words where Base does, and the other way round: rows move up and down
    unheard = { draft: [0, 5], base: [1, 2, 8] };
    const tab = openTab();
    await addFile(tab, 'a');
    await intentIs('a', 'done');
    const draft = ['d1', 'd2', 'd3', 'd4', ...said('d', 6, 12)];
    expect(await rowsOf('a')).toEqual(draft);
    const seen: string[][] = [];
    const broken: unknown[] = [];
    onTestFinished(
      onChange(({ kind }) => {
        if (kind !== 'segments' && kind !== 'restarted') return;
        // read before the next batch is written
        void rowsOf('a').then((rows) => seen.push(rows));
        void expectSound('a').catch((error: unknown) => broken.push(error));
      }),
    );
    tab.use('base');
    await isBetter('a');
    expect(broken).toEqual([]);
    // batches of one, two, four and the rest
    expect(seen).toEqual([
      ['B0', ...draft],
      ['B0', ...draft.slice(2)],
      ['B0', ...said('B', 3, 7), ...said('d', 7, 12)],
      ['B0', ...said('B', 3, 8), ...said('B', 9, 12)],
    ]);
    await expectSound('a');
  });

  it('reads the file that is open in its tab if no copy could be stored', async () => {
    vi.spyOn(mediaStore, 'hasQuotaFor').mockResolvedValue(false);
    const tab = openTab();
    await addFile(tab, 'a');
    await intentIs('a', 'done');
    expect((await record('a'))?.media).toBe('none');
    tab.use('base');
    await isBetter('a');
    expect(await rowsOf('a')).toEqual(said('B', 0, 12));
  });

  it('is the only pass if the better model is available from the start', async () => {
    now = 'base';
    const tab = openTab();
    await addFile(tab, 'a');
    await isBetter('a');
    expect(tab.stages.prepared).toEqual(['base']);
    expect(await rowsOf('a')).toEqual(said('B', 0, 12));
  });

  it('waits until other files have their first text', async () => {
    const tab = openTab();
    const release = holdAfter(tab.stages, 2);
    await addFile(tab, 'a');
    await addFile(tab, 'b');
    await shows(async () => expect(await rowsOf('a')).toHaveLength(3));
    now = 'base';
    release();
    await isBetter('a');
    await isBetter('b');
    // what has begun with Draft is ended with it; the second file has the model that is here
    expect(tab.stages.prepared).toEqual(['draft', 'base', 'base']);
    expect(await rowsOf('b')).toEqual(said('B', 0, 12));
  });

  it('resumes from its last batch after a pause, after a reload and in another tab', async () => {
    const locks = createLocks();
    const one = openTab(locks);
    await addFile(one, 'a');
    await intentIs('a', 'done');
    await shows(async () => expect((await record('a'))?.media).toBe('kept'));
    holdAfter(one.stages, 2);
    one.use('base');
    await shows(async () => expect((await record('a'))?.secondPass?.untilMs).toBe(15_000));
    await jobs.updateJob('a', () => ({ intent: 'paused' }));
    await vi.waitFor(() => expect(one.stages.closed).toBe(one.stages.opened));
    expect(await rowsOf('a')).toEqual([...said('B', 0, 3), ...said('d', 3, 12)]);
    one.runner.dispose();
    const two = openTab(locks);
    await vi.waitFor(() =>
      expect(two.store.getState().jobs[0]).toMatchObject({ status: 'paused', isSecondPass: true }),
    );
    await jobs.updateJob('a', () => ({ intent: 'queued' }));
    await isBetter('a');
    expect(two.stages.recognised.flat()).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(await rowsOf('a')).toEqual(said('B', 0, 12));
    await expectSound('a');
  });

  it('keeps the first text if it fails, reports why, and resumes on request', async () => {
    const tab = openTab();
    await addFile(tab, 'a');
    await intentIs('a', 'done');
    const at = tab.stages.recognised.length + 2;
    tab.stages.failBatch = { at, error: new AppError('RECOGNISE_FAILED', 'broken') };
    tab.use('base');
    await shows(async () =>
      expect((await record('a'))?.secondPass?.stopped).toMatchObject({
        problem: { code: 'RECOGNISE_FAILED' },
      }),
    );
    await intentIs('a', 'done');
    expect(await record('a')).toMatchObject({ state: 'complete', model: { id: 'draft' } });
    expect(await rowsOf('a')).toEqual([...said('B', 0, 3), ...said('d', 3, 12)]);
    await expectSound('a');
    // what comes later is run, and it is left alone
    await addFile(tab, 'b');
    await intentIs('b', 'done');
    expect(await jobs.getJob('a')).toMatchObject({ intent: 'done' });
    await secondPass.resumeSecondPass('a');
    await isBetter('a');
    expect(await rowsOf('a')).toEqual(said('B', 0, 12));
  });

  it('waits again if its model was removed from the device', async () => {
    const tab = openTab();
    await addFile(tab, 'a');
    await intentIs('a', 'done');
    const { prepare } = tab.stages.recogniser;
    let tries = 0;
    tab.stages.recogniser.prepare = async () => {
      tries += 1;
      now = 'draft';
      throw new AppError('MODEL_NOT_INSTALLED', 'deleted');
    };
    tab.use('base');
    await vi.waitFor(() => expect(tries).toBe(1));
    await intentIs('a', 'done');
    expect(await rowsOf('a')).toEqual(said('d', 0, 12));
    expect((await record('a'))?.secondPass).toMatchObject({ stopped: null });
    tab.stages.recogniser.prepare = prepare;
    tab.use('base');
    await isBetter('a');
    expect(tries).toBe(1);
    expect(await rowsOf('a')).toEqual(said('B', 0, 12));
  });

  it('stops where it is when the user stops it', async () => {
    const tab = openTab();
    await addFile(tab, 'a');
    await intentIs('a', 'done');
    holdAfter(tab.stages, 1);
    tab.use('base');
    await shows(async () => expect((await record('a'))?.secondPass?.untilMs).toBe(5_000));
    await secondPass.stopSecondPass('a', null);
    await vi.waitFor(() => expect(tab.stages.closed).toBe(tab.stages.opened));
    expect(await record('a')).toMatchObject({
      state: 'complete',
      secondPass: { untilMs: 5_000, stopped: { problem: null } },
    });
    expect(await rowsOf('a')).toEqual(['B0', ...said('d', 1, 12)]);
  });

  it('removes words that the better model does not recognise', async () => {
    unheard = { base: said('', 0, 12).map(Number) };
    const tab = openTab();
    await addFile(tab, 'a');
    await intentIs('a', 'done');
    tab.use('base');
    await intentIs('a', 'failed');
    expect(await jobs.getJob('a')).toMatchObject({ error: { code: 'NO_SPEECH' } });
    expect(await rowsOf('a')).toEqual([]);
    expect(await record('a')).toMatchObject({ state: 'partial', wordCount: 0 });
  });

  it('is cancelled when another audio track is transcribed instead', async () => {
    const tab = openTab();
    await addFile(tab, 'a');
    await intentIs('a', 'done');
    holdAfter(tab.stages, 1);
    tab.use('base');
    await shows(async () => expect((await record('a'))?.secondPass?.untilMs).toBe(5_000));
    await jobs.updateJob('a', () => ({ intent: 'paused' }));
    await vi.waitFor(() => expect(tab.stages.closed).toBe(tab.stages.opened));
    tab.stages.hold = null;
    await jobs.restartJob('a', { audioTrack: 0, isTrackGiven: true });
    tab.runner.wake();
    await isBetter('a');
    expect(await rowsOf('a')).toEqual(said('B', 0, 12));
    await expectSound('a');
  });
});

describe('a model that does not open', () => {
  it.each([
    ['for good', false],
    ['with its worker', true],
  ])('has the job begin with the one that stands in for it: %s', async (_, fatal) => {
    now = 'base';
    const tab = openTab();
    const { prepare } = tab.stages.recogniser;
    tab.stages.recogniser.prepare = async (modelId, signal) => {
      if (modelId !== 'base') return prepare(modelId, signal);
      now = 'draft'; // as the app notes it
      throw new AppError('OUT_OF_MEMORY', 'full', { fatal });
    };
    await addFile(tab, 'a');
    await intentIs('a', 'done');
    expect(await rowsOf('a')).toEqual(said('d', 0, 12));
    expect(await record('a')).toMatchObject({
      model: { id: 'draft' },
      secondPass: { modelId: 'base', stopped: null },
    });
    expect(tab.stages.prepared).toEqual(['draft']);
  });

  it('fails the job if there is no stand-in', async () => {
    now = 'base';
    const tab = openTab();
    tab.stages.recogniser.prepare = async () => {
      throw new AppError('BACKEND_UNAVAILABLE', 'none');
    };
    await addFile(tab, 'a');
    await intentIs('a', 'failed');
    expect((await jobs.getJob('a'))?.error?.code).toBe('BACKEND_UNAVAILABLE');
  });
});
