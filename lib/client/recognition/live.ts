import { fetchCatalogue } from '@/lib/catalogue';
import {
  findUsableModel,
  type ModelChoice,
  type ModelLibrary,
  markLargeModelOpen,
  type UsableModel,
} from '@/lib/client/model-library';
import type { LiveEngine, SecondEngine } from '@/lib/client/recording';
import { getSetting } from '@/lib/client/store';
import { AppError } from '@/lib/core';
import type { LoadParams, RecogniseParams } from '@/lib/engine';
import { wasmThreads } from '@/lib/engine/runtime';
import { measuredProducts } from './kernel-products';
import type { RecogniserClient, RecognitionWorkers } from './workers';

/**
 * Loads the model for live text into its own workers: the one in use if it can keep up with speech, else
 * Draft. Whisper cannot: it processes a window of thirty seconds however little was said. The large
 * built-in model follows a few seconds behind, if it is the one in use.
 * @throws MODEL_DOWNLOAD_FAILED, MODEL_HASH_MISMATCH, OFFLINE, BACKEND_UNAVAILABLE, ABORTED
 */
export async function openLiveEngine(
  library: ModelLibrary,
  use: Pick<ModelChoice, 'read'>,
  workers: RecognitionWorkers,
  signal: AbortSignal,
): Promise<LiveEngine> {
  const modelsUrl = new URL('/models/', location.origin).href;
  const catalogue = await fetchCatalogue(new URL('catalogue.json', modelsUrl).href);
  const [embedded] = catalogue.models;
  const [{ now: modelId, large }, hotWords, language, numbers, products] = await Promise.all([
    use.read(),
    getSetting('vocabulary'),
    getSetting('language'),
    getSetting('numbers'),
    measuredProducts(),
  ]);
  const speech = { hotWords, language, numbers };
  const chosen = await findUsableModel(modelId, catalogue, library).catch((error: unknown) => {
    // the job will report it; live text uses another model
    console.warn('The model in use cannot write live text', error);
    return null;
  });
  const model = chosen && writesLive(chosen) ? chosen.model : embedded;
  const isOwn = model.family === 'ctc';
  const second = chosen?.model.id === large ? (chosen?.model ?? null) : null;
  const client = workers.wasm();
  const segmenter = workers.segmenter();
  const dispose = () => {
    client.dispose();
    segmenter.dispose();
  };
  const common = {
    modelsUrl,
    aligner: embedded,
    runtimeUrl: new URL('/ort/', location.origin).href,
    products,
  };
  const allThreads = wasmThreads(
    navigator.hardwareConcurrency || 1,
    globalThis.crossOriginIsolated,
  );
  try {
    // for so small a network, synchronising threads costs more than they gain
    const threads = isOwn ? 1 : allThreads;
    await client.call('load', { ...common, model, threads }, { signal });
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    modelName: model.name,
    openVad: () => segmenter.openLiveVad(signal),
    async recognise(pcm, runSignal) {
      const params = { batch: [pcm], ...speech };
      const options = { signal: runSignal, transfer: [pcm.buffer] };
      const { hypotheses } = await client.call('recognise', params, options);
      const [first] = hypotheses;
      if (!first) throw new AppError('RECOGNISE_FAILED', 'There is no hypothesis.');
      return first.words;
    },
    ...(second
      ? {
          second: {
            name: second.name,
            open: (secondSignal: AbortSignal) =>
              openSecond(
                workers.wasm(),
                { ...common, model: second, threads: allThreads },
                speech,
                secondSignal,
              ),
          },
        }
      : {}),
    dispose,
  };
}

/**
 * Loads the better model into its own worker, since a job may need the page's meanwhile.
 * @throws as `openLiveEngine`
 */
async function openSecond(
  client: RecogniserClient,
  params: LoadParams,
  speech: Pick<RecogniseParams, 'hotWords' | 'language' | 'numbers'>,
  signal: AbortSignal,
): Promise<SecondEngine> {
  markLargeModelOpen();
  try {
    await client.call('load', params, { signal });
  } catch (error) {
    client.dispose();
    throw error;
  }
  return {
    async recognise(batch, runSignal) {
      const options = { signal: runSignal, transfer: batch.map(({ buffer }) => buffer) };
      const { hypotheses } = await client.call('recognise', { batch, ...speech }, options);
      return hypotheses.map(({ words }) => words);
    },
    dispose: () => client.dispose(),
  };
}

function writesLive({ model, backends }: UsableModel): boolean {
  return model.family !== 'whisper' && backends.includes('wasm');
}
