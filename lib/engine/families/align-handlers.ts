import type { DraftModel } from '@/lib/catalogue';
import { AppError, toAppError } from '@/lib/core';
import { type AlignedTime, openAligner } from '@/lib/engine/alignment';
import type { Handlers } from '@/lib/engine/rpc';
import type { InferenceRuntime } from '@/lib/engine/runtime';
import { fetchBuiltIn, type ModelSources } from './open-model';

/** What words are timed with. */
export interface AlignOrder {
  /** The entry of Draft in the catalogue. */
  entry: DraftModel;
  /** Absolute address of the folder of the models that the app serves, with a last slash. */
  modelsUrl: string;
  /** Absolute address of ONNX Runtime's own files, with a last slash. */
  runtimeUrl: string;
  /** Wasm threads; 1 where the page is not cross-origin isolated. */
  threads: number;
}

/** The calls of the worker that times words. */
export interface AlignMethods {
  open: { params: AlignOrder; result: null };
  /** As `WordAligner.align`: 16 kHz PCM of up to 30 s. */
  align: { params: { pcm: Float32Array; words: string[] }; result: AlignedTime[] };
}

/** The handlers of the worker that times words that somebody typed. */
export function alignHandlers(
  sources: Pick<ModelSources, 'fetchFile'>,
  start: (order: AlignOrder) => Promise<InferenceRuntime>,
): Handlers<AlignMethods> {
  let aligner: Awaited<ReturnType<typeof openAligner>> | null = null;
  return {
    async open(order, { signal }) {
      try {
        const { entry, modelsUrl } = order;
        const files = await fetchBuiltIn(entry, 'wasm', sources, modelsUrl, signal);
        await aligner?.release();
        aligner = await openAligner(await start(order), files, entry);
        return null;
      } catch (error) {
        throw toAppError(error, 'RECOGNISE_FAILED');
      }
    },
    async align({ pcm, words }) {
      if (!aligner)
        throw new AppError('WORKER_CRASHED', 'This worker has no aligner.', { fatal: true });
      return aligner.align(pcm, words);
    },
  };
}
