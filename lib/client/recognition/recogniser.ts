import pLimit from 'p-limit';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { fetchCatalogue, fetchModelFile, type PublishedModel } from '@/lib/catalogue';
import {
  findUsableModel,
  type ModelChoice,
  type ModelLibrary,
  markLargeModelClosed,
  markLargeModelOpen,
  type UsableModel,
} from '@/lib/client/model-library';
import { getSetting, type StoredChoice, setSetting } from '@/lib/client/store';
import { AppError, isAbort, memoizePromise, toAppError } from '@/lib/core';
import type { Backend, LoadParams, RecogniserInfo, SpeechOptions } from '@/lib/engine';
import { readWavPcm } from '@/lib/engine/audio';
import type { Recogniser } from '@/lib/engine/pipeline';
import { chooseBackend, type TestedBackend, testBackend, wasmThreads } from '@/lib/engine/runtime';
import { canWriteFirstWords, createFirstWords } from './first-words';
import { keepProducts, measuredProducts } from './kernel-products';
import type { RecogniserClient, RecognitionWorkers } from './workers';

/**
 * For loading and two runs of the self-test clip. A first GPU run compiles shaders, and on a slow connection
 * the runtime's files take minutes: the timeout is only for what hangs.
 */
const SELF_TEST_TIMEOUT_MS = 300_000;

/** A recogniser that chooses its backend. */
export interface ModelRecogniser extends Recogniser {
  /** Id of the model whose backends run the self-test clip just now, whoever asked for it. */
  testing: StoreApi<{ modelId: string | null }>;
  /** The backend choice for the model in use: as stored, or made now; always made now if `force`. */
  choose(force: boolean): Promise<StoredChoice>;
  /** Loads the model in use ahead of the first job; does nothing once a job has started. */
  warmUp(): Promise<void>;
}

type Clients = Record<Backend, RecogniserClient>;

/**
 * Runs a model on the fastest backend that gives correct results here. On first use its backends run the
 * self-test clip: `wasm` first, and if it passes, work starts on it at once while the GPU is tested. A GPU
 * that fails during a job, or is lost while a model is loaded, is not used again until the page is reloaded; the
 * failed batch is reported as fatal, so that the job resumes from its last stored batch on `wasm`. Where the model is not available for `wasm`, or
 * failed its test there, the GPU is tried again.
 */
export function createModelRecogniser(
  library: ModelLibrary,
  use: Pick<ModelChoice, 'read' | 'reportFailure'>,
  workers: Pick<RecognitionWorkers, Backend>,
): ModelRecogniser {
  const createClients = (): Clients => ({ wasm: workers.wasm(), webgpu: workers.webgpu() });
  const clients = createClients();
  const modelsUrl = new URL('/models/', location.origin).href;
  const catalogue = memoizePromise(() => fetchCatalogue(new URL('catalogue.json', modelsUrl).href));
  /** What the workers are loading or have loaded: a running job's model is not replaced. */
  let active: { modelId: string; backend: Backend } | null = null;
  let gpuFailed = false;
  let jobsBegan = false;
  /** Id of the model that is ready to run. */
  let ready: string | null = null;
  /** Resolves when Draft is loaded for first words, or cannot be. */
  let opening: Promise<void> = Promise.resolve();
  let choosing: { modelId: string; choice: Promise<StoredChoice> } | null = null;
  const testing = createStore<{ modelId: string | null }>(() => ({ modelId: null }));
  /** While `choosing`: settles as soon as `wasm` was tested; the GPU may take much longer. */
  let wasmTried: Promise<RecogniserInfo | null> = Promise.resolve(null);
  // models are loaded one at a time
  const inTurn = pLimit(1);

  const find = async (modelId: string) => findUsableModel(modelId, await catalogue(), library);
  const chosen = async () => find((await use.read()).now);

  const paramsFor = async (
    { model }: Pick<UsableModel, 'model'>,
    allowSoftwareGpu: boolean,
  ): Promise<LoadParams> => ({
    model,
    modelsUrl,
    aligner: (await catalogue()).models[0],
    runtimeUrl: new URL('/ort/', location.origin).href,
    threads: wasmThreads(navigator.hardwareConcurrency || 1, globalThis.crossOriginIsolated),
    allowSoftwareGpu,
    products: await measuredProducts(),
  });

  const firstWords = createFirstWords(workers.wasm, async () => {
    const [model] = (await catalogue()).models;
    // the other cores are left to the larger model
    return { ...(await paramsFor({ model }, false)), threads: 1 };
  });

  /** `null`: the model is loaded, is Draft itself, or Draft does not cover the language. */
  const openFirstWords = (modelId: string, speech: Pick<SpeechOptions, 'language' | 'task'>) => {
    const open = async () => {
      const [draft] = (await catalogue()).models;
      const isQuick = modelId === draft.id || modelId === ready;
      return isQuick || !canWriteFirstWords(speech, draft.languages) ? null : firstWords.open();
    };
    const writer = open();
    // loading two models at once would delay both
    opening = writer.then(
      () => undefined,
      () => undefined, // reported to the caller
    );
    return writer;
  };

  const runSelfTest = async (
    using: Clients,
    usable: UsableModel,
    backend: Backend,
    clip: Promise<Float32Array>,
  ): Promise<TestedBackend> => {
    const software = backend === 'webgpu' && (await getSetting('backend')) === 'webgpu';
    const params = await paramsFor(usable, software);
    const { expected } = usable;
    const options = { expected, timeoutMs: SELF_TEST_TIMEOUT_MS };
    const tested = await testBackend(using[backend], backend, params, await clip, options);
    await keepProducts(tested.products);
    return tested;
  };

  const store = async (usable: UsableModel, trials: TestedBackend[]): Promise<StoredChoice> => {
    const { id } = usable.model;
    const outcomes = trials.map(({ result }) => result);
    const choice = chooseBackend(id, outcomes, new Date().toISOString());
    const stored = { ...choice, madeFor: fingerprint(usable) };
    const choices = await getSetting('backendChoices');
    await setSetting('backendChoices', { ...choices, [id]: stored });
    return stored;
  };

  const storedChoice = async (usable: UsableModel): Promise<StoredChoice | null> => {
    const choice = (await getSetting('backendChoices'))[usable.model.id];
    return choice?.madeFor === fingerprint(usable) ? choice : null;
  };

  /** Self-tests the model's backends and stores the choice; callers share one run. */
  const calibrate = (usable: UsableModel): Promise<StoredChoice> => {
    const { model, backends } = usable;
    if (choosing?.modelId === model.id) return choosing.choice;
    // the workers of a job that uses another model are not touched
    const own = active !== null && active.modelId !== model.id;
    const using = own ? createClients() : clients;
    const clip = catalogue().then(async ({ models: [embedded] }) =>
      readWavPcm(new Blob([await fetchModelFile(embedded.knownClip, modelsUrl)])),
    );
    const wasm = backends.includes('wasm') ? runSelfTest(using, usable, 'wasm', clip) : null;
    const tried = wasm?.then(({ info }) => info) ?? Promise.resolve(null);
    tried.catch(() => undefined); // reported by the choice below
    if (!own) wasmTried = tried;
    const choice = (async () => {
      try {
        const trials = wasm ? [await wasm] : [];
        if (backends.includes('webgpu'))
          trials.push(await runSelfTest(using, usable, 'webgpu', clip));
        gpuFailed = false;
        const made = await store(usable, trials);
        // frees the memory of the backend that is not used
        if (!own && made.backend === 'wasm' && active?.backend !== 'webgpu')
          clients.webgpu.release();
        return made;
      } finally {
        choosing = null;
        if (testing.getState().modelId === model.id) testing.setState({ modelId: null });
        if (own) for (const client of Object.values(using)) client.dispose();
      }
    })();
    choosing = { modelId: model.id, choice };
    testing.setState({ modelId: model.id });
    choice.catch((error: unknown) => console.warn('No backend could be chosen', error));
    return choice;
  };

  const load = async (usable: UsableModel, backend: Backend, signal?: AbortSignal) => {
    const software = (await getSetting('backend')) === 'webgpu';
    const trials = (await storedChoice(usable))?.trials ?? [];
    const trial = trials.find((one) => one.backend === backend);
    const params = {
      ...(await paramsFor(usable, software)),
      asPublished: trial?.asPublished !== undefined,
    };
    active = { modelId: usable.model.id, backend };
    const { info, products } = await clients[backend]
      .call('load', params, { signal })
      .catch((error) => {
        if (toAppError(error).code === 'GPU_DEVICE_LOST') gpuFailed = true;
        throw error;
      });
    await keepProducts(products);
    if (!choosing) clients[backend === 'wasm' ? 'webgpu' : 'wasm'].release();
    return info;
  };

  /** The backend to load, or `null` if none was tested here yet. */
  const wantedBackend = async (usable: UsableModel): Promise<Backend | null> => {
    const [setting, choice] = await Promise.all([getSetting('backend'), storedChoice(usable)]);
    const outcomeOf = (backend: Backend) =>
      choice?.trials.find((one) => one.backend === backend)?.outcome;
    // a GPU that failed is tried again where wasm did not give the right words
    const isSetAside = gpuFailed && (outcomeOf('wasm') ?? 'right') === 'right';
    if ((setting === 'wasm' || isSetAside) && usable.backends.includes('wasm')) return 'wasm';
    if (!choice) return null;
    if (setting !== 'webgpu') return choice.backend;
    return outcomeOf('webgpu') === 'right' ? 'webgpu' : choice.backend;
  };

  const prepare = async (modelId: string, signal?: AbortSignal): Promise<RecogniserInfo> => {
    const usable = await find(modelId);
    const backend = await wantedBackend(usable);
    if (backend) return load(usable, backend, signal);
    const setting = await getSetting('backend');
    active = { modelId, backend: 'wasm' };
    const choice = calibrate(usable);
    // work starts on wasm while the GPU is still being tested
    const info = setting === 'auto' ? await wasmTried : null;
    if (info) return info;
    await choice;
    return load(usable, (await wantedBackend(usable)) ?? 'wasm', signal);
  };

  /** Draft is loaded before the model, and released after it. */
  const prepareNext = async (modelId: string, signal?: AbortSignal) => {
    await opening;
    ready = null;
    try {
      const info = await prepareOrReport(modelId, signal);
      ready = modelId;
      return info;
    } finally {
      firstWords.release();
    }
  };

  /** The large model has a stand-in, which the job uses when it is restarted. */
  const prepareOrReport = async (modelId: string, signal?: AbortSignal) => {
    const { large } = await use.read();
    if (modelId !== large) return prepare(modelId, signal).finally(markLargeModelClosed);
    markLargeModelOpen();
    try {
      return await prepare(modelId, signal);
    } catch (error) {
      markLargeModelClosed();
      if (!isAbort(error)) await use.reportFailure(error);
      throw error;
    }
  };

  return {
    testing,

    async choose(force) {
      const usable = await chosen();
      const stored = force ? null : await storedChoice(usable);
      return stored ?? calibrate(usable);
    },

    prepare(modelId, signal) {
      jobsBegan = true;
      return inTurn(() => prepareNext(modelId, signal));
    },

    openFirstWords: ({ modelId, ...speech }) => openFirstWords(modelId, speech),

    async warmUp() {
      await inTurn(async () => {
        if (jobsBegan) return;
        const { now } = await use.read();
        const language = await getSetting('language');
        openFirstWords(now, { language, task: 'transcribe' }).catch(warnOfFirstWords);
        await prepareNext(now);
      });
    },

    async recognise(batch, { signal, ...speech }) {
      const backend = active?.backend ?? 'wasm';
      try {
        const transfer = batch.map((pcm) => pcm.buffer);
        const params = { batch, ...speech, hotWords: [...speech.hotWords] };
        return await clients[backend].call('recognise', params, { signal, transfer });
      } catch (error) {
        if (isAbort(error)) throw error;
        const { code, message, details } = toAppError(error, 'RECOGNISE_FAILED');
        if (code === 'OUT_OF_MEMORY' && active?.modelId === (await use.read()).large)
          await use.reportFailure(error);
        if (backend !== 'webgpu') throw error;
        gpuFailed = true;
        throw new AppError(code, message, { cause: error, details, fatal: true });
      }
    },
  };
}

const warnOfFirstWords = (error: unknown) =>
  console.warn('Draft cannot write first words here', error);

/** Distinguishes the files of a built-in model from those of other builds. */
function hashesOf({ backends }: PublishedModel): string {
  return Object.values(backends.wasm?.files ?? {})
    .map(({ sha256 }) => sha256)
    .join(' ');
}

/** What a choice depends on: with other model files or another browser it is made again. */
function fingerprint({ model, backends, expected }: UsableModel): string {
  const made =
    model.family === 'ctc'
      ? [model.backends.wasm.files.network.sha256, model.backends.webgpu.files.network.sha256]
      : [model.repository || hashesOf(model), model.revision, ...[...backends].sort()];
  return [...made, ...(expected ? [] : ['any text']), navigator.userAgent].join(' ');
}
