import { AppError } from '../core/errors';
import type { CatalogueModel, ConfidenceMap } from '../models/catalogue';
import type { Handlers } from '../rpc/protocol';
import type { BatchLimits } from './ctc/batches';
import { findModel, languageOf, type ModelSources } from './open-model';
import type { LoadParams, RecogniserMethods } from './protocol';
import type { Backend, RecogniserInfo } from './recogniser';
import type { Runtime } from './runtime';
import type { SpeechModel } from './speech-model';
import { withConfidence } from './words/confidence';

/** What a backend's worker adds to the handlers that all have in common. */
export interface RecogniserBackend extends ModelSources {
  backend: Backend;
  /** What the embedded network is given in one run. */
  limits: BatchLimits;
  /**
   * Starts ONNX Runtime, or gives the one that was started before.
   * @throws BACKEND_UNAVAILABLE when it cannot run here
   */
  start(params: LoadParams): Promise<Runtime>;
}

/** The handlers of a recogniser's worker. */
export function recogniserHandlers(parts: RecogniserBackend): Handlers<RecogniserMethods> {
  const { backend, limits } = parts;
  let speech: SpeechModel | null = null;
  /** What `speech` was made of. */
  let loaded: { key: string; info: RecogniserInfo; confidence: ConfidenceMap | null } | null = null;
  const free = async () => {
    const old = speech;
    speech = null;
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
      const precision = precisionOf(model, backend);
      const open = await findModel(params, backend, limits, parts, signal);
      await free();
      const runtime = await parts.start(params);
      speech = await open(runtime);
      const info: RecogniserInfo = {
        modelId: model.id,
        backend,
        precision,
        language: languageOf(model),
        threads: runtime.threads,
      };
      loaded = { key, info, confidence: model.words?.confidence ?? null };
      return { info, loadMs: performance.now() - from };
    },
    async recognise({ batch, hotWords = [], language = null, task = 'transcribe' }, { signal }) {
      // a fresh worker after a crash between two batches: the job has to begin anew with `load`
      if (!speech)
        throw new AppError('WORKER_CRASHED', 'The model of this worker is gone.', { fatal: true });
      const result = await speech.recognise(batch, { hotWords, language, task }, signal);
      const map = loaded?.confidence ?? null;
      const hypotheses = result.hypotheses.map(({ words }) => ({
        words: withConfidence(words, map),
      }));
      return { ...result, hypotheses };
    },
    async dispose() {
      await free();
      return null;
    },
  };
}

function precisionOf(model: CatalogueModel, backend: Backend): string {
  const variant = model.backends[backend];
  if (!variant)
    throw new AppError('BACKEND_UNAVAILABLE', `Model "${model.id}" is not made for ${backend}.`);
  return variant.precision;
}
