import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { PublishedModel } from '@/lib/catalogue';
import type { ListedModel, ModelLibrary } from '@/lib/client/model-library';
import { AppError, throwIfAborted } from '@/lib/core';
import type { SpeakerCount, SpeakerTurn } from '@/lib/engine/diarisation';
import { createTestStages } from '@/lib/engine/pipeline/test-stages';
import {
  type Diariser,
  type LabelDependencies,
  type LabelSource,
  labelSpeakers,
} from './label-speakers';

const SECONDS = 20;

function installed(id: string, family: PublishedModel['family']): ListedModel {
  return {
    model: {
      id,
      family,
      name: id,
      description: id,
      languages: ['mul'],
      licence: 'MIT',
      credits: [],
      repository: 'a/b',
      revision: 'main',
      scores: [],
      backends: { wasm: null, webgpu: null },
    },
    state: { state: 'installed', backends: ['wasm'], bytes: 1 },
    added: false,
  };
}

const SEGMENTATION = installed('segmentation', 'speaker-segmentation');
const EMBEDDING = installed('embedding', 'speaker-embedding');

const word = (text: string, startMs: number) => ({
  text,
  startMs,
  endMs: startMs + 400,
  confidence: 1,
});

const SOURCE: LabelSource = {
  segments: [
    { id: 'a', words: [word('one', 0), word('two', 500), word('three', 1000)] },
    { id: 'b', words: [word('four', 6000)] },
    { id: 'c', words: [] },
  ],
  durationMs: SECONDS * 1000,
  media: new Blob(['sound']),
  track: 1,
  decoder: null,
};

const turn = (speaker: number, startMs: number, endMs: number): SpeakerTurn => ({
  speaker,
  startMs,
  endMs,
});
const TURNS = [turn(0, 2000, 3000), turn(1, 0, 900), turn(2, 950, 7000)];

/** What the parts of a test did. */
interface Log {
  opened: unknown;
  pushed: [startSample: number, samples: number][];
  counts: SpeakerCount[];
  ended: string[];
  tracks: (number | null)[];
}

function setUp(list: readonly ListedModel[], failing: { push?: AppError } = {}) {
  const log: Log = { opened: null, pushed: [], counts: [], ended: [], tracks: [] };
  const stages = createTestStages(SECONDS);
  stages.tracks = ['one', 'two'];
  log.tracks = stages.openedTracks;
  const dispose = (name: string) => () => {
    log.ended.push(name);
  };
  const diariser: Diariser = {
    async open(models, signal) {
      throwIfAborted(signal);
      log.opened = models;
    },
    async push({ startSample, pcm }, signal) {
      throwIfAborted(signal);
      if (failing.push) throw failing.push;
      log.pushed.push([startSample, pcm.length]);
    },
    async finish(count) {
      log.counts.push(count);
      return { speakers: 3, turns: TURNS };
    },
    async recount(count) {
      log.counts.push(count);
      return { speakers: 1, turns: [turn(0, 0, 7000)] };
    },
    dispose: dispose('diariser'),
  };
  const models = { state: createStore(() => ({ models: list })) } as unknown as ModelLibrary; // its list alone is used
  const dependencies: LabelDependencies = {
    models,
    read: async () => SOURCE,
    createDecoder: () => ({ ...stages.decoder, dispose: dispose('decoder') }),
    createSegmenter: () => ({ ...stages.segmenter, dispose: dispose('segmenter') }),
    createDiariser: () => diariser,
  };
  return { log, dependencies };
}

const both = [SEGMENTATION, EMBEDDING];

describe('labelSpeakers', () => {
  it('gives every word a speaker, numbered by the words that they say', async () => {
    const { log, dependencies } = setUp(both);
    const labels = await labelSpeakers('t', { speakers: 'auto' }, {}, dependencies);
    expect(labels.speakers).toBe(2);
    expect(labels.segments).toEqual([
      {
        segmentId: 'a',
        runs: [
          { speaker: 0, from: 0, to: 2 },
          { speaker: 1, from: 2, to: 3 },
        ],
      },
      { segmentId: 'b', runs: [{ speaker: 1, from: 0, to: 1 }] },
      { segmentId: 'c', runs: [] },
    ]);
    // the one without words comes behind the others
    expect(labels.turns.map(({ speaker }) => speaker)).toEqual([2, 0, 1]);
    expect(log.opened).toEqual({ segmentation: 'segmentation', embedding: 'embedding' });
  });

  it('processes the track that was transcribed from its start to its end, and reports progress', async () => {
    const { log, dependencies } = setUp(both);
    const shares: number[] = [];
    const onProgress = (share: number) => shares.push(share);
    await labelSpeakers('t', { speakers: 'auto' }, { onProgress }, dependencies);
    expect(log.tracks).toEqual([1]);
    let next = 0;
    for (const [start, samples] of log.pushed) {
      expect(start).toBe(next);
      next += samples;
    }
    expect(next).toBe(SECONDS * 16_000);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it('gives labels for another number of speakers without hearing it again', async () => {
    const { log, dependencies } = setUp(both);
    const labels = await labelSpeakers('t', { speakers: { min: 2, max: 4 } }, {}, dependencies);
    const pushes = log.pushed.length;
    const one = await labels.recluster({ exact: 1 });
    expect(one.speakers).toBe(1);
    expect(one.segments[0]?.runs).toEqual([{ speaker: 0, from: 0, to: 3 }]);
    expect(log.counts).toEqual([{ min: 2, max: 4 }, { exact: 1 }]);
    expect(log.pushed.length).toBe(pushes);
  });

  it('keeps the worker with the embeddings until it is released', async () => {
    const { log, dependencies } = setUp(both);
    const labels = await labelSpeakers('t', { speakers: 'auto' }, {}, dependencies);
    expect(log.ended).toEqual(['decoder']);
    labels.release();
    expect(log.ended).toEqual(['decoder', 'diariser']);
  });

  it('processes the speech that the VAD finds where no segmentation model is installed', async () => {
    const { log, dependencies } = setUp([EMBEDDING]);
    await labelSpeakers('t', { speakers: 'auto' }, {}, dependencies);
    expect(log.opened).toEqual({ segmentation: null, embedding: 'embedding' });
    expect(log.pushed.length).toBe(SECONDS / 5);
    expect(log.ended).toContain('segmenter');
  });

  it('needs a model that compares voices, and begins nothing without', async () => {
    const { log, dependencies } = setUp([SEGMENTATION]);
    await expect(labelSpeakers('t', { speakers: 'auto' }, {}, dependencies)).rejects.toMatchObject({
      code: 'MODEL_NOT_INSTALLED',
    });
    expect(log.opened).toBeNull();
  });

  it('ends all workers when it is cancelled, or fails', async () => {
    const abort = new AbortController();
    const cancelled = setUp(both);
    const options = { signal: abort.signal, onProgress: () => abort.abort() };
    await expect(
      labelSpeakers('t', { speakers: 'auto' }, options, cancelled.dependencies),
    ).rejects.toMatchObject({ code: 'ABORTED' });
    expect(cancelled.log.ended).toEqual(['decoder', 'diariser']);

    const failed = setUp([EMBEDDING], { push: new AppError('DIARISE_FAILED', 'no') });
    await expect(
      labelSpeakers('t', { speakers: 'auto' }, {}, failed.dependencies),
    ).rejects.toMatchObject({ code: 'DIARISE_FAILED' });
    expect(failed.log.ended.sort()).toEqual(['decoder', 'diariser', 'segmenter']);
  });
});
