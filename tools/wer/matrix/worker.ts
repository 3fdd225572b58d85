import type { Tensor } from 'onnxruntime-web';
import * as wasm from 'onnxruntime-web/wasm';
import * as webgpu from 'onnxruntime-web/webgpu';
import type { ModelFiles } from '@/lib/engine/families/speech-model';
import { type LoadedFiles, loadFiles } from '@/lib/engine/families/whisper/load-files';
import { promptTokens } from '@/lib/engine/families/whisper/prompt';
import { tokenLimits, usualRules } from '@/lib/engine/families/whisper/rules';
import type { KernelSource } from '@/lib/engine/kernels/kernels';
import { loadKernels } from '@/lib/engine/kernels/load';
import {
  createInferenceRuntime,
  type InferenceRuntime,
  runtimeError,
} from '@/lib/engine/runtime/runtime';
import type { MatrixAnswer, MatrixResult, MatrixTask } from './protocol';

const startThread: KernelSource['startThread'] = (start) => {
  const url = new URL('../../../workers/asr-wasm/kernel-worker.ts', import.meta.url);
  const thread = new Worker(url, { type: 'module' });
  thread.postMessage(start);
  return thread;
};

async function runtimeOf(task: MatrixTask): Promise<InferenceRuntime> {
  const { backend, threads, kernels, runtimeUrl, kernelsUrl } = task;
  const ort = backend === 'wasm' ? wasm : webgpu;
  ort.env.wasm.wasmPaths = runtimeUrl;
  ort.env.wasm.numThreads = threads;
  const source =
    kernels && backend === 'wasm'
      ? await loadKernels(kernelsUrl, { threads, startThread }, (reason) => console.warn(reason))
      : null;
  return createInferenceRuntime({
    backend,
    threads,
    kernels: source,
    ort,
    translate: runtimeError,
  });
}

function filesOf(addresses: MatrixTask['files']): ModelFiles {
  return {
    has: (role) => role in addresses,
    nameOf: (role) => addresses[role]?.split('/').at(-1) ?? '',
    read: async (role) => new Uint8Array(await fetchBytes(addresses[role] ?? '')),
  };
}

async function fetchBytes(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.arrayBuffer();
}

async function run(task: MatrixTask): Promise<MatrixResult> {
  const runtime = await runtimeOf(task);
  const result: MatrixResult = { encoderMs: 0, ways: [] };
  let encoded: Tensor[] | null = null;
  for (const way of task.ways)
    try {
      const parts = await loadFiles(
        way === 'graph' ? { ...runtime, asPublished: true } : runtime,
        filesOf(task.files),
        { stepwise: way === 'choice' },
      );
      const fromMs = performance.now();
      if (!encoded) {
        encoded = await encodeAll(parts, task);
        result.encoderMs = performance.now() - fromMs;
      }
      result.ways.push({ way, ...(await decodeAll(parts, encoded, runtime, task)) });
      await parts.decoder.release();
      await parts.encoder.release();
    } catch (error) {
      result.ways.push({ way, failed: String(error) });
    }
  return result;
}

async function encodeAll({ encoder }: LoadedFiles, { windows }: MatrixTask): Promise<Tensor[]> {
  const encoded: Tensor[] = [];
  for (const address of windows) {
    const pcm = new Float32Array(await fetchBytes(address));
    encoded.push(await encoder.encode(encoder.features([pcm])));
  }
  return encoded;
}

async function decodeAll(
  { config, encoder, decoder, tokenizer }: LoadedFiles,
  encoded: readonly Tensor[],
  { Tensor }: InferenceRuntime,
  task: MatrixTask,
) {
  const prompt = promptTokens(config, { language: task.language, task: 'transcribe', times: true });
  const limits = tokenLimits(config, { ...usualRules(config), noSpecial: false });
  const texts: string[] = [];
  const fromMs = performance.now();
  for (const window of encoded) {
    // a batch disposes what it is given, which other decoders need
    const given =
      window.location === 'cpu' ? new Tensor(window.type, window.data, window.dims) : window;
    const batch = decoder.begin(given);
    const [row] = await batch.generate({
      prompts: [prompt],
      endId: config.endId,
      maxTokens: task.maxTokens,
      limits,
      suppressedFirst: config.suppressedFirst,
      temperature: 0,
      random: () => 0,
      signal: new AbortController().signal,
    });
    batch.dispose();
    const text = (row?.tokens ?? []).filter((token) => token < config.firstTimeId);
    texts.push(tokenizer.decode(text).trim());
  }
  return {
    runs: [encoder.run, decoder.run],
    texts,
    decoderMs: performance.now() - fromMs,
  };
}

self.onmessage = ({ data }: MessageEvent<MatrixTask>) => {
  const answer = (message: MatrixAnswer) => self.postMessage(message);
  run(data).then(
    (result) => answer({ kind: 'result', result }),
    (error: unknown) => answer({ kind: 'failed', reason: String(error) }),
  );
};
