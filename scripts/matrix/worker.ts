import * as wasm from 'onnxruntime-web/wasm';
import * as webgpu from 'onnxruntime-web/webgpu';
import type { KernelSource } from '@/lib/asr/kernels/kernels';
import { loadKernels } from '@/lib/asr/kernels/load';
import { createRuntime, type Runtime } from '@/lib/asr/runtime';
import { runtimeError } from '@/lib/asr/runtime-errors';
import type { ModelFiles } from '@/lib/asr/speech-model';
import { loadParts } from '@/lib/asr/whisper/parts';
import { promptTokens } from '@/lib/asr/whisper/prompt';
import { tokenLimits, usualRules } from '@/lib/asr/whisper/rules';
import type { MatrixAnswer, MatrixResult, MatrixTask } from './protocol';

const startThread: KernelSource['startThread'] = (start) => {
  const url = new URL('../../workers/asr-wasm/kernel-worker.ts', import.meta.url);
  const thread = new Worker(url, { type: 'module' });
  thread.postMessage(start);
  return thread;
};

async function runtimeOf(task: MatrixTask): Promise<Runtime> {
  const { backend, threads, kernels, runtimeUrl, kernelsUrl } = task;
  const ort = backend === 'wasm' ? wasm : webgpu;
  ort.env.wasm.wasmPaths = runtimeUrl;
  ort.env.wasm.numThreads = threads;
  const source =
    kernels && backend === 'wasm'
      ? await loadKernels(kernelsUrl, { threads, startThread }, (reason) => console.warn(reason))
      : null;
  return createRuntime({ backend, threads, kernels: source, ort, translate: runtimeError });
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
  const { way } = task;
  const parts = await loadParts(
    way === 'graph' ? { ...runtime, asPublished: true } : runtime,
    filesOf(task.files),
    { stepwise: way === 'choice' },
  );
  const { config, encoder, decoder, tokenizer } = parts;
  const runs = [encoder.run, decoder.run];
  const result: MatrixResult = { runs, texts: [], encoderMs: 0, decoderMs: 0 };
  const prompt = promptTokens(config, { language: task.language, task: 'transcribe', times: true });
  const limits = tokenLimits(config, { ...usualRules(config), noSpecial: false });
  for (const address of task.windows) {
    const pcm = new Float32Array(await fetchBytes(address));
    const from = performance.now();
    const encoded = await encoder.encode(encoder.features([pcm]));
    const encodedAt = performance.now();
    const batch = decoder.begin(encoded);
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
    result.encoderMs += encodedAt - from;
    result.decoderMs += performance.now() - encodedAt;
    const text = (row?.tokens ?? []).filter((token) => token < config.firstTimeId);
    result.texts.push(tokenizer.decode(text).trim());
  }
  await decoder.release();
  await encoder.release();
  return result;
}

self.onmessage = ({ data }: MessageEvent<MatrixTask>) => {
  const answer = (message: MatrixAnswer) => self.postMessage(message);
  run(data).then(
    (result) => answer({ kind: 'result', result }),
    (error: unknown) => answer({ kind: 'failed', reason: String(error) }),
  );
};
