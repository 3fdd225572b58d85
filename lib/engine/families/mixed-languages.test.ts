import { expect, it, vi } from 'vitest';
import { readBuiltInModel } from '@/lib/engine/families/ctc/test-model';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import type { SpeechHypothesis } from '@/lib/engine/types';
import { recogniserHandlers } from './handlers';
import { findModel } from './open-model';

vi.mock('./open-model', { spy: true });

it('writes numbers as English has them in what is English alone', async () => {
  const said = (text: string): SpeechHypothesis => ({
    words: [{ text, startSample: 0, endSample: 1, confidence: 1 }],
  });
  const hypotheses = [said('ten'), { ...said('ten'), language: 'nl' }];
  vi.mocked(findModel).mockResolvedValue(async () => ({
    recognise: async () => ({ hypotheses, inferenceMs: 0, searchMs: 0, language: 'en' }),
    release: async () => undefined,
  }));
  const notAsked = () => Promise.reject(new Error('The model is here.'));
  const handlers = recogniserHandlers({
    ...{ backend: 'wasm', limits: { rows: 1, paddedSamples: 1, shortest: 1 } },
    ...{ fetchFile: notAsked, openInstalled: notAsked, start: async () => nodeRuntime },
  });
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const { entry } = readBuiltInModel();
  await handlers.load(
    { model: entry, modelsUrl: '', aligner: null, runtimeUrl: '', threads: 1 },
    context,
  );
  const result = await handlers.recognise({ batch: [], numbers: 'figures' }, context);
  if (!('hypotheses' in result)) throw new Error('nothing is transferred');
  expect(result.hypotheses.map(({ words }) => words[0]?.text)).toEqual(['10', 'ten']);
});
