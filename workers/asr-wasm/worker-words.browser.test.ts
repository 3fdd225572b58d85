import { expect, it, onTestFinished } from 'vitest';
import { fetchCatalogue } from '@/lib/catalogue/files';
import { assembleSegment } from '@/lib/engine/pipeline/assemble';
import { transcribe } from '@/lib/engine/pipeline/transcribe';
import type { TranscriptSegment } from '@/lib/transcript/types';
import expected from '@/tools/worker/fixtures/speech-words.json';
import { createDecoder } from '@/workers/decode/client';
import { createSegmenter } from '@/workers/segment/client';
import { createAsrWasmClient } from './client';

// tools/worker/same-words.test.ts holds the worker in Node to the same words

it('gives the words that the worker gives in Node, with their times', async () => {
  const modelsUrl = `${location.origin}/models/`;
  const { models } = await fetchCatalogue(`${modelsUrl}catalogue.json`);
  const [model] = models;
  const recogniser = createAsrWasmClient();
  const [decoder, segmenter] = [createDecoder(), createSegmenter()];
  onTestFinished(() => {
    for (const one of [recogniser, decoder, segmenter]) one.dispose();
  });
  const source = await (await fetch('/e2e/fixtures/audio/speech.wav')).blob();
  const options = { modelId: model.id, hotWords: [], language: null, task: 'transcribe' } as const;
  const segments: TranscriptSegment[] = [];
  await transcribe(
    source,
    { checkpoint: null, batches: 0, decoder: null, audioTrack: null, tracks: null, options },
    {
      decoder,
      segmenter,
      recogniser: {
        async prepare() {
          const runtimeUrl = `${location.origin}/ort/`;
          const params = { model, modelsUrl, aligner: model, runtimeUrl, threads: 1 };
          return (await recogniser.call('load', params)).info;
        },
        recognise: (batch, { hotWords, language, task }) =>
          recogniser.call('recognise', { batch, hotWords: [...hotWords], language, task }),
        openFirstWords: async () => null,
      },
    },
    {
      onOpen: () => undefined,
      onReady: () => undefined,
      onDecoded: () => undefined,
      async onBatch({ speech }) {
        for (const one of speech) {
          const segment = assembleSegment(one, segments.length);
          if (segment) segments.push(segment);
        }
      },
    },
    new AbortController().signal,
  );
  const words = segments.map((one) => one.words.map(({ confidence: _, ...word }) => word));
  expect(words).toEqual(expected);
});
