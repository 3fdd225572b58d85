import { wasmThreads } from '@/lib/asr/threads';
import { AppError } from '@/lib/core/errors';
import { fetchCatalogue } from '@/lib/models/files';
import type { ModelLibrary } from '@/lib/models/library';
import type { LiveEngine } from '@/lib/record/parts';
import { getSetting } from '@/lib/store/settings';
import { createAsrWasmClient } from '@/workers/asr-wasm/client';
import { createSegmenter } from '@/workers/segment/client';
import { findUsableModel, type UsableModel } from './usable-model';

/**
 * Loads the model of the live text into workers of its own: the one in use where it can keep up
 * with speech, else the embedded one. Whisper cannot: it looks at thirty seconds whatever was said.
 * @throws MODEL_DOWNLOAD_FAILED, MODEL_HASH_MISMATCH, OFFLINE, BACKEND_UNAVAILABLE, ABORTED
 */
export async function openLiveEngine(
  library: ModelLibrary,
  signal: AbortSignal,
): Promise<LiveEngine> {
  const modelsUrl = new URL('/models/', location.origin).href;
  const catalogue = await fetchCatalogue(new URL('catalogue.json', modelsUrl).href);
  const [embedded] = catalogue.models;
  const [modelId, hotWords, language] = await Promise.all([
    getSetting('modelId'),
    getSetting('vocabulary'),
    getSetting('language'),
  ]);
  const chosen = await findUsableModel(modelId, catalogue, library).catch((error: unknown) => {
    // the job will say so; live text has another one
    console.warn('The model in use cannot write live text', error);
    return null;
  });
  const model = chosen && writesLive(chosen) ? chosen.model : embedded;
  const isOwn = model.family === 'ctc';
  const client = createAsrWasmClient();
  const segmenter = createSegmenter();
  const dispose = () => {
    client.dispose();
    segmenter.dispose();
  };
  try {
    const cores = navigator.hardwareConcurrency || 1;
    await client.call(
      'load',
      {
        model,
        modelsUrl,
        aligner: embedded,
        runtimeUrl: new URL('/ort/', location.origin).href,
        // threads that wait for each other cost more than so small a network gains
        threads: isOwn ? 1 : wasmThreads(cores, globalThis.crossOriginIsolated),
      },
      { signal },
    );
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    modelName: model.name,
    openVad: () => segmenter.openLiveVad(signal),
    async recognise(pcm, runSignal) {
      const params = { batch: [pcm], hotWords: [...hotWords], language };
      const options = { signal: runSignal, transfer: [pcm.buffer] };
      const { hypotheses } = await client.call('recognise', params, options);
      const [first] = hypotheses;
      if (!first) throw new AppError('RECOGNISE_FAILED', 'There is no hypothesis.');
      return first.words;
    },
    dispose,
  };
}

function writesLive({ model, backends }: UsableModel): boolean {
  return model.family !== 'whisper' && backends.includes('wasm');
}
