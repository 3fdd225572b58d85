import { AppError } from '../core/errors';
import type { CatalogueModel, ModelFile } from '../models/catalogue';
import type { Handlers } from '../rpc/protocol';
import type { BatchLimits } from './ctc/batches';
import { CtcEngine } from './ctc/engine';
import type { PhoneNetwork } from './ctc/network';
import type { LoadParams, RecogniserMethods } from './protocol';
import type { Backend, RecogniserInfo } from './recogniser';

/** What a backend's worker adds to the handlers that all have in common. */
export interface RecogniserBackend {
  backend: Backend;
  limits: BatchLimits;
  /** Fetches a file and makes sure that it is the right one. */
  fetchFile(file: ModelFile, baseUrl: string, signal: AbortSignal): Promise<ArrayBuffer>;
  /**
   * Makes a network ready to run.
   * @throws BACKEND_UNAVAILABLE when it cannot run here, OUT_OF_MEMORY
   */
  open(bytes: ArrayBuffer, params: LoadParams): Promise<{ network: PhoneNetwork; threads: number }>;
}

/** The handlers of a recogniser's worker. */
export function recogniserHandlers(parts: RecogniserBackend): Handlers<RecogniserMethods> {
  let engine: CtcEngine | null = null;
  /** What `engine` was made of. */
  let loaded: { key: string; info: RecogniserInfo } | null = null;
  const free = async () => {
    const old = engine;
    engine = null;
    loaded = null;
    await old?.release();
  };
  return {
    async load(params, { signal }) {
      const from = performance.now();
      const { model, threads: wanted, allowSoftwareGpu } = params;
      const key = JSON.stringify([model, wanted, allowSoftwareGpu]);
      if (loaded?.key === key && !params.reload)
        return { info: loaded.info, loadMs: performance.now() - from };
      const { precision, files } = params.model.backends[parts.backend];
      // before the old model is freed: a fetch that fails leaves it to whoever works with it
      const [bytes, vocabulary, languageModel] = await Promise.all(
        [files.network, files.vocabulary, files.languageModel].map((file) =>
          parts.fetchFile(file, params.modelsUrl, signal),
        ),
      );
      if (!bytes || !vocabulary || !languageModel)
        throw new AppError('MODEL_DOWNLOAD_FAILED', 'A model file is missing.');
      await free();
      const { network, threads } = await parts.open(bytes, params);
      try {
        const { search } = params.model;
        engine = new CtcEngine(
          network,
          { vocabulary, languageModel },
          { search, limits: parts.limits },
        );
      } catch (error) {
        await network.release();
        throw error;
      }
      const info: RecogniserInfo = {
        modelId: params.model.id,
        backend: parts.backend,
        precision,
        language: languageOf(params.model),
        threads,
      };
      loaded = { key, info };
      return { info, loadMs: performance.now() - from };
    },
    async recognise({ batch, hotWords }, { signal }) {
      // a fresh worker after a crash between two batches: the job has to begin anew with `load`
      if (!engine)
        throw new AppError('WORKER_CRASHED', 'The model of this worker is gone.', { fatal: true });
      return engine.recognise(batch, signal, hotWords);
    },
    async dispose() {
      await free();
      return null;
    },
  };
}

/** A model of this family writes one language. */
function languageOf(model: CatalogueModel): string {
  return model.languages[0] ?? 'en';
}
