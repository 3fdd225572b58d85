import { AppError, toAppError, yieldToEventLoop } from '@/lib/core';
import type { ModelFiles } from '@/lib/engine';
import type { Handlers } from '@/lib/engine/rpc';
import { externalData, type InferenceRuntime } from '@/lib/engine/runtime';
import { Diarisation } from './diarisation';
import { type EmbeddingNetwork, openEmbedding } from './embedding-network';
import type { Listener } from './listener';
import type { DiariseMethods, DiariseOrder } from './protocol';
import { openSegmentation, type SegmentationNetwork } from './segmentation-network';
import { SegmentedListener } from './segmented-listener';
import { SpeechListener } from './speech-listener';

/** What the worker adds. */
export interface DiariseDependencies {
  /** Starts ONNX Runtime, or gives the one that was started before. */
  start(order: DiariseOrder): Promise<InferenceRuntime>;
  /** The files of an installed model. @throws NOT_FOUND when they are not all there */
  openInstalled(id: string): Promise<ModelFiles>;
}

/** The handlers of the worker that tells speakers apart. */
export function diariseHandlers(dependencies: DiariseDependencies): Handlers<DiariseMethods> {
  let networks: (SegmentationNetwork | EmbeddingNetwork)[] = [];
  let listener: Listener | null = null;
  let diarisation: Diarisation | null = null;

  const free = async () => {
    const old = networks;
    networks = [];
    for (const network of old) await network.release();
  };

  const load = async <N extends SegmentationNetwork | EmbeddingNetwork>(
    open: (...from: Parameters<typeof openSegmentation>) => Promise<N>,
    runtime: InferenceRuntime,
    id: string,
  ): Promise<N> => {
    const files = await dependencies.openInstalled(id);
    const graph = await files.read('network');
    const network = await open(runtime, graph, await externalData(files, 'networkData'));
    networks.push(network);
    return network;
  };

  return {
    open: (order) =>
      translated(async () => {
        listener = null;
        diarisation = null;
        await free();
        const runtime = await dependencies.start(order);
        const embedding = await load(openEmbedding, runtime, order.embedding);
        listener =
          order.segmentation === null
            ? new SpeechListener(embedding)
            : new SegmentedListener(
                await load(openSegmentation, runtime, order.segmentation),
                embedding,
              );
        return null;
      }),
    push: (sound, { signal }) =>
      translated(async () => {
        await required(listener).push(sound, () => yieldToEventLoop(signal));
        return null;
      }),
    finish: ({ count }, { signal }) =>
      translated(async () => {
        const whole = required(listener);
        await whole.finish(() => yieldToEventLoop(signal));
        await free();
        listener = null;
        diarisation = new Diarisation(whole);
        return diarisation.turns(count);
      }),
    recount: async ({ count }) => required(diarisation).turns(count),
  };
}

/** @throws WORKER_CRASHED when a fresh worker has nothing of it */
function required<T>(value: T | null): T {
  if (value === null)
    throw new AppError('WORKER_CRASHED', 'The recording of this worker is gone.', { fatal: true });
  return value;
}

/** What ONNX Runtime calls a failed recognition is a failed diarisation here. */
async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message, details, fatal } = toAppError(error, 'DIARISE_FAILED');
    if (code !== 'RECOGNISE_FAILED') throw toAppError(error, 'DIARISE_FAILED');
    throw new AppError('DIARISE_FAILED', message, { cause: error, details, fatal });
  }
}
