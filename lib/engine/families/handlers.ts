import type { CatalogueModel, ConfidenceMap } from '@/lib/catalogue';
import { AppError } from '@/lib/core';
import type {
  Backend,
  BatchLimits,
  LoadParams,
  LoadResult,
  NumberStyle,
  RecogniseResult,
  RecogniserInfo,
  RecogniserMethods,
  SpeechModel,
} from '@/lib/engine';
import type { Handlers } from '@/lib/engine/rpc';
import type { InferenceRuntime } from '@/lib/engine/runtime';
import {
  withAlternatives,
  withConfidence,
  withVocabularyCase,
  writeNumbers,
} from '@/lib/engine/words';
import { findModel, languageOf, type ModelSources } from './open-model';

/** What a backend's worker adds to the handlers that all have in common. */
export interface RecogniserBackend extends ModelSources {
  backend: Backend;
  /** Limits of one run of the built-in network. */
  limits: BatchLimits;
  /**
   * Starts ONNX Runtime, or gives the one that was started before.
   * @throws BACKEND_UNAVAILABLE when it cannot run here
   */
  start(params: LoadParams): Promise<InferenceRuntime>;
}

/** The handlers of a recogniser's worker. */
export function recogniserHandlers(dependencies: RecogniserBackend): Handlers<RecogniserMethods> {
  const { backend, limits } = dependencies;
  let speech: SpeechModel | null = null;
  /** What `speech` was made of. */
  let loaded: {
    key: string;
    result: Omit<LoadResult, 'loadMs'>;
    confidence: ConfidenceMap | null;
  } | null = null;
  const free = async () => {
    const old = speech;
    speech = null;
    loaded = null;
    await old?.release();
  };
  return {
    async load(params, { signal }) {
      const from = performance.now();
      const { model, threads: wanted, allowSoftwareGpu, asPublished = false } = params;
      const key = JSON.stringify([model, wanted, allowSoftwareGpu, asPublished]);
      if (loaded?.key === key && !params.reload)
        return { ...loaded.result, loadMs: performance.now() - from };
      const precision = precisionOf(model, backend);
      const open = await findModel(params, backend, limits, dependencies, signal);
      await free();
      const runtime = await dependencies.start(params);
      speech = await open(asPublished ? { ...runtime, kernels: null, asPublished } : runtime);
      const info: RecogniserInfo = {
        modelId: model.id,
        backend,
        precision,
        language: languageOf(model),
        threads: runtime.threads,
      };
      const products = runtime.kernels?.measured;
      const result = { info, runs: speech.runs ?? [], products };
      loaded = { key, result, confidence: model.words?.confidence ?? null };
      return { ...result, loadMs: performance.now() - from };
    },
    async recognise(params, { signal }) {
      const { batch, hotWords = [], language = null, task = 'transcribe' } = params;
      // a fresh worker after a crash between two batches: the job has to start again with `load`
      if (!speech)
        throw new AppError('WORKER_CRASHED', 'The model of this worker is gone.', { fatal: true });
      const result = await speech.recognise(batch, { hotWords, language, task }, signal);
      return asWanted(result, { ...params, map: loaded?.confidence ?? null });
    },
    async dispose() {
      await free();
      return null;
    },
  };
}

/**
 * What a model wrote, with the probability that each word is right, the capitals of the custom vocabulary, and
 * numbers as the user wants them, where the text is English.
 * @param map `null`: the model's own confidence stays
 */
export function asWanted(
  result: RecogniseResult,
  {
    map,
    hotWords = [],
    numbers = 'as-is',
  }: { map: ConfidenceMap | null; hotWords?: string[]; numbers?: NumberStyle },
): RecogniseResult {
  const hypotheses = result.hypotheses.map(({ words, language = result.language }) => ({
    words: writeNumbers(
      withVocabularyCase(withAlternatives(withConfidence(words, map)), hotWords),
      numbers,
      language,
    ),
  }));
  return { ...result, hypotheses };
}

function precisionOf(model: CatalogueModel, backend: Backend): string {
  const variant = model.backends[backend];
  if (!variant)
    throw new AppError('BACKEND_UNAVAILABLE', `Model "${model.id}" is not made for ${backend}.`);
  return variant.precision;
}
