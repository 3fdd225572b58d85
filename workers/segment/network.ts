import type * as Ort from 'onnxruntime-web/wasm';
import { AppError } from '@/lib/core';
import { BLOCK_IO, blockModel, ROW_SAMPLES, STATE_SIZE, type VadNetwork } from '@/lib/engine/vad';
import type { SegmentAssets } from './protocol';

/** The part of ONNX Runtime that is used; given, so that the worker alone imports the runtime. */
type OrtModule = typeof Ort;

/**
 * Loads the VAD network.
 * @throws AppError SEGMENT_FAILED when the file cannot be had or is not the known network
 */
export async function loadNetwork(ort: OrtModule, assets: SegmentAssets): Promise<VadNetwork> {
  // one thread: the network is small, and the other core has the recogniser to run
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = assets.runtimeUrl;
  const model = blockModel(await fetchBytes(assets.modelUrl));
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  const half = STATE_SIZE / 2;
  const tensor = (data: Float32Array, dims: number[]) => new ort.Tensor('float32', data, dims);

  return {
    async run(rows, state) {
      const outputs = await session.run({
        [BLOCK_IO.frames]: tensor(rows, [rows.length / ROW_SAMPLES, ROW_SAMPLES]),
        [BLOCK_IO.hidden]: tensor(state.slice(0, half), [1, 1, half]),
        [BLOCK_IO.cell]: tensor(state.slice(half), [1, 1, half]),
      });
      const floats = (name: string): Float32Array => {
        const data = outputs[name]?.data;
        if (!(data instanceof Float32Array))
          throw new AppError('SEGMENT_FAILED', `The VAD network gave no ${name}.`);
        return data;
      };
      const next = new Float32Array(STATE_SIZE);
      next.set(floats(BLOCK_IO.nextHidden));
      next.set(floats(BLOCK_IO.nextCell), half);
      return { probabilities: floats(BLOCK_IO.probability).slice(), state: next };
    },
  };
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new AppError('SEGMENT_FAILED', `The VAD network could not be loaded: ${url}`, { cause });
  }
  if (!response.ok) throw new AppError('SEGMENT_FAILED', `${url} answered ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}
