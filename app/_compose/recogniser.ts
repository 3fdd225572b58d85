import { chooseBackend } from '@/lib/asr/backend';
import { type TriedBackend, tryBackend } from '@/lib/asr/check';
import type { LoadParams, RecogniserMethods } from '@/lib/asr/protocol';
import type { Backend, RecogniserInfo } from '@/lib/asr/recogniser';
import { wasmThreads } from '@/lib/asr/threads';
import { parseWave } from '@/lib/asr/wave';
import { AppError, isAbort, toAppError } from '@/lib/core/errors';
import { memoizePromise } from '@/lib/core/memoize-promise';
import type { CatalogueModel } from '@/lib/models/catalogue';
import { fetchCatalogue, fetchModelFile } from '@/lib/models/files';
import type { Recogniser } from '@/lib/pipeline/stages';
import type { Client } from '@/lib/rpc/protocol';
import type { StoredChoice } from '@/lib/store/schema';
import { getSetting, setSetting } from '@/lib/store/settings';
import { createAsrWasmClient } from '@/workers/asr-wasm/client';
import { createAsrWebGpuClient } from '@/workers/asr-webgpu/client';

/**
 * Loading and two runs of the known clip. A first GPU run compiles shaders, and on a slow line the
 * runtime's files take minutes: only what hangs is to be given up.
 */
const TRIAL_TIMEOUT_MS = 300_000;

/** A recogniser that knows which backend to run on. */
export interface ModelRecogniser extends Recogniser {
  /** The choice for the model in use: as stored, or made now; made anew when forced. */
  choose(force: boolean): Promise<StoredChoice>;
}

/**
 * The chosen model on the backend that is right and fast here. On first use both backends run
 * the known clip: `wasm` first, and when it is right work begins on it at once, while the GPU is
 * tried beside it. A GPU that fails in the middle of a job is not used again until the page is
 * loaded anew; the failed batch is reported as fatal, so that the job goes on from its last
 * stored batch on `wasm`.
 */
export function createModelRecogniser(): ModelRecogniser {
  const clients: Record<Backend, Client<RecogniserMethods>> = {
    wasm: createAsrWasmClient(),
    webgpu: createAsrWebGpuClient(),
  };
  const modelsUrl = new URL('/models/', location.origin).href;
  const catalogue = memoizePromise(() => fetchCatalogue(new URL('catalogue.json', modelsUrl).href));
  let active: Backend = 'wasm';
  let gpuFailed = false;
  let choosing: Promise<StoredChoice> | null = null;
  /** While `choosing`: settles as soon as `wasm` was tried; the GPU may take much longer. */
  let wasmTried: Promise<RecogniserInfo | null> = Promise.resolve(null);

  const currentModel = async (): Promise<CatalogueModel> => {
    const [{ models }, wanted] = await Promise.all([catalogue(), getSetting('modelId')]);
    const model = models.find((candidate) => candidate.id === wanted) ?? models[0];
    if (!model) throw new AppError('NOT_FOUND', 'The catalogue lists no model.');
    return model;
  };

  const paramsFor = (model: CatalogueModel, allowSoftwareGpu: boolean): LoadParams => ({
    model,
    modelsUrl,
    runtimeUrl: new URL('/ort/', location.origin).href,
    threads: wasmThreads(navigator.hardwareConcurrency || 1, globalThis.crossOriginIsolated),
    allowSoftwareGpu,
  });

  const trial = async (
    model: CatalogueModel,
    backend: Backend,
    clip: Float32Array,
    allowSoftwareGpu: boolean,
  ): Promise<TriedBackend> => {
    const params = paramsFor(model, allowSoftwareGpu);
    return tryBackend(clients[backend], backend, params, clip, { timeoutMs: TRIAL_TIMEOUT_MS });
  };

  const store = async (model: CatalogueModel, trials: TriedBackend[]): Promise<StoredChoice> => {
    const choice = chooseBackend(
      model.id,
      trials.map(({ trial: outcome }) => outcome),
      new Date().toISOString(),
    );
    const stored = { ...choice, madeFor: fingerprint(model) };
    const choices = await getSetting('backendChoices');
    await setSetting('backendChoices', { ...choices, [model.id]: stored });
    return stored;
  };

  const storedChoice = async (model: CatalogueModel): Promise<StoredChoice | null> => {
    const choice = (await getSetting('backendChoices'))[model.id];
    return choice?.madeFor === fingerprint(model) ? choice : null;
  };

  /** Tries both backends and stores the choice; callers share one trial. */
  const chooseAnew = (model: CatalogueModel) => {
    if (choosing) return choosing;
    const clip = fetchModelFile(model.knownClip, modelsUrl).then(parseWave);
    const wasm = clip.then((pcm) => trial(model, 'wasm', pcm, false));
    wasmTried = wasm.then(({ info }) => info);
    wasmTried.catch(() => undefined); // the choice below tells it
    choosing = (async () => {
      try {
        const software = (await getSetting('backend')) === 'webgpu';
        const tried = [await wasm, await trial(model, 'webgpu', await clip, software)];
        gpuFailed = false;
        const choice = await store(model, tried);
        // the one that is not used gives its memory back
        if (choice.backend === 'wasm' && active === 'wasm') clients.webgpu.release();
        return choice;
      } finally {
        choosing = null;
      }
    })();
    choosing.catch((error: unknown) => console.warn('No backend could be chosen', error));
    return choosing;
  };

  const load = async (model: CatalogueModel, backend: Backend, signal?: AbortSignal) => {
    const software = (await getSetting('backend')) === 'webgpu';
    const { info } = await clients[backend].call('load', paramsFor(model, software), { signal });
    active = backend;
    if (!choosing) clients[backend === 'wasm' ? 'webgpu' : 'wasm'].release();
    return info;
  };

  /** The backend to load, or `null` when nothing was measured here yet. */
  const wantedBackend = async (model: CatalogueModel): Promise<Backend | null> => {
    const [setting, choice] = await Promise.all([getSetting('backend'), storedChoice(model)]);
    if (setting === 'wasm' || gpuFailed) return 'wasm';
    if (!choice) return null;
    if (setting === 'auto') return choice.backend;
    const isRight = choice.trials.some(
      (one) => one.backend === 'webgpu' && one.outcome === 'right',
    );
    return isRight ? 'webgpu' : 'wasm';
  };

  return {
    async choose(force) {
      const model = await currentModel();
      const stored = force ? null : await storedChoice(model);
      return stored ?? chooseAnew(model);
    },

    async prepare(signal) {
      const model = await currentModel();
      const backend = await wantedBackend(model);
      if (backend) return load(model, backend, signal);
      const setting = await getSetting('backend');
      const choice = chooseAnew(model);
      // work begins on wasm while the GPU is still being tried
      const info = setting === 'auto' ? await wasmTried : null;
      if (info) {
        active = 'wasm';
        return info;
      }
      await choice;
      return load(model, (await wantedBackend(model)) ?? 'wasm', signal);
    },

    async recognise(batch, { hotWords, signal }) {
      const backend = active;
      try {
        const transfer = batch.map((pcm) => pcm.buffer);
        const params = { batch, hotWords: [...hotWords] };
        return await clients[backend].call('recognise', params, { signal, transfer });
      } catch (error) {
        if (backend !== 'webgpu' || isAbort(error)) throw error;
        gpuFailed = true;
        const { code, message, details } = toAppError(error, 'RECOGNISE_FAILED');
        throw new AppError(code, message, { cause: error, details, fatal: true });
      }
    },
  };
}

/** What a choice depends on: another model file or another browser is measured anew. */
function fingerprint(model: CatalogueModel): string {
  const { wasm, webgpu } = model.backends;
  return [wasm.files.network.sha256, webgpu.files.network.sha256, navigator.userAgent].join(' ');
}
