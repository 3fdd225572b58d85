import { readEncoder } from '@/lib/engine/families/whisper/encoder-graph';
import { loadKernelEncoder } from '@/lib/engine/families/whisper/encoder-kernels';
import { features, OUTPUT, SIZE } from '@/lib/engine/families/whisper/test-encoder';
import type { KernelSource } from '@/lib/engine/kernels/kernels';
import { loadKernels } from '@/lib/engine/kernels/load';
import { readGraph } from '@/lib/engine/onnx/read';
import type { IntegerProducts } from '@/lib/engine/types';
import { whisperEncoder } from '@/tools/random-models/whisper-encoder';

interface Asked {
  threads: number;
  windows: number;
  /** How integers are multiplied. */
  products: IntegerProducts;
}

// Encodes some windows as the recogniser's worker does: a page must not wait for threads.
self.onmessage = async ({ data }: MessageEvent<Asked>) => {
  try {
    self.postMessage(await encode(data));
  } catch (error) {
    self.postMessage(String(error));
  }
};

let started = 0;

const startThread: KernelSource['startThread'] = (start) => {
  started++;
  const thread = new Worker(new URL('./kernel-worker.ts', import.meta.url), { type: 'module' });
  thread.postMessage(start);
  return thread;
};

async function encode({ threads, windows, products }: Asked) {
  const baseUrl = new URL('/kernels/', self.location.origin).href;
  const source = await loadKernels(baseUrl, { threads, startThread, products }, (reason) => {
    throw reason;
  });
  const graph = whisperEncoder(SIZE, { seed: 1, precision: 'q8' });
  const weights = readEncoder(readGraph(graph), OUTPUT);
  const encoder =
    source && weights && (await loadKernelEncoder(source, weights, SIZE.heads, [3000]));
  if (!encoder) throw new Error('There are no kernels here.');
  const outputs: Float32Array[] = [];
  for (let window = 0; window < windows; window++) {
    const to = new Float32Array(1500 * SIZE.width);
    encoder.encode(features(window % 3), to);
    outputs.push(to);
    // threads start while the first windows are worked on
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  encoder.release();
  return { outputs, started };
}
