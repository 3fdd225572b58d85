// Our engine as the app's workers use it, with a watch on its parts.
import type * as Ort from 'onnxruntime-web';
import { WhisperMel } from '@/lib/engine/audio/features/whisper-mel';
import { openMoonshine } from '@/lib/engine/families/moonshine/engine';
import type { ModelFiles, SpeechOptions } from '@/lib/engine/families/speech-model';
import { openWhisper } from '@/lib/engine/families/whisper/engine';
import { WhisperEncoder } from '@/lib/engine/families/whisper/network';
import type { KernelSource } from '@/lib/engine/kernels/kernels';
import { createInferenceRuntime, runtimeError } from '@/lib/engine/runtime/runtime';
import { tap } from './decoder-tap';
import { Stopwatch, timeRuns } from './meter';
import type { Dtype, ModelSetting, Setting } from './protocol';
import type { Engine } from './serve';

const OPEN = { whisper: openWhisper, moonshine: openMoonshine };
const SUFFIXES: Readonly<Record<Dtype, string>> = { fp32: '', q8: '_quantized' };

/**
 * Loads a model of a folder that is laid out like a published repository.
 * @param ort of the backend
 */
export async function loadOurs(
  ort: typeof Ort,
  { model, dtype, backend, threads, maxTokens, asPeer, suppressed }: Setting,
  kernels: KernelSource | null = null,
): Promise<Engine> {
  ort.env.wasm.wasmPaths = `${self.location.origin}/ort/`;
  ort.env.wasm.numThreads = threads;
  const watch = new Stopwatch();
  const tokens: (readonly number[])[] = [];
  Object.assign(tap, {
    maxTokens,
    asPeer,
    suppressed,
    onTime: (name, ms) => watch.add(name, ms),
    onRows: (rows) => tokens.push(...rows.map((row) => row.tokens)),
  } satisfies typeof tap);
  timeSessions(ort, watch);
  const runtime = createInferenceRuntime({
    backend,
    threads,
    kernels,
    ort,
    translate: runtimeError,
  });
  timeFeatures(watch);
  if (kernels) timeKernels(watch);
  const engine = await OPEN[model.family](runtime, filesOf(model, dtype), model.entry, null);
  const options: SpeechOptions = {
    hotWords: [],
    language: model.multilingual ? 'en' : null,
    task: 'transcribe',
  };
  return {
    version: `onnxruntime-web ${ort.env.versions.web}`,
    async recognise(windows) {
      const { signal } = new AbortController();
      const { hypotheses } = await engine.recognise(windows, options, signal);
      const rows = tokens.splice(0);
      return hypotheses.map(({ words }, at) => ({
        text: words.map(({ text }) => text).join(' '),
        tokens: rows[at] ?? [],
      }));
    },
    takeTimes: () => watch.take(),
  };
}

function filesOf({ folder }: ModelSetting['model'], dtype: Dtype): ModelFiles {
  const base = `/models/${folder}/`;
  const names = new Map([
    ['encoder', `onnx/encoder_model${SUFFIXES[dtype]}.onnx`],
    ['decoder', `onnx/decoder_model_merged${SUFFIXES[dtype]}.onnx`],
    ['tokenizer', 'tokenizer.json'],
    ['config', 'config.json'],
    ['generation', 'generation_config.json'],
  ]);
  const nameOf = (role: string) => names.get(role) ?? '';
  return {
    has: (role) => names.has(role),
    nameOf,
    async read(role) {
      const response = await fetch(base + nameOf(role));
      if (!response.ok) throw new Error(`${nameOf(role)}: ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

/** Times the runs of sessions that are made from now on: the encoder is the one that takes sound. */
function timeSessions({ InferenceSession, env }: typeof Ort, watch: Stopwatch): void {
  const create = InferenceSession.create.bind(InferenceSession);
  Object.assign(InferenceSession, {
    create: async (graph: Uint8Array, options?: Ort.InferenceSession.SessionOptions) => {
      const session = await create(graph, options);
      const isEncoder = session.inputNames.some((name) => /^input_(features|values)$/.test(name));
      timeRuns(session, isEncoder, watch, env);
      return session;
    },
  });
}

/** The encoder on kernels has no session; the decoder's own program is part of the decoder. */
function timeKernels(watch: Stopwatch): void {
  const { encode } = WhisperEncoder.prototype;
  WhisperEncoder.prototype.encode = function (...args) {
    return watch.time('encoder', () => encode.apply(this, args));
  };
}

function timeFeatures(watch: Stopwatch): void {
  const { compute } = WhisperMel.prototype;
  WhisperMel.prototype.compute = function (...args) {
    const startMs = performance.now();
    compute.apply(this, args);
    watch.add('features', performance.now() - startMs);
  };
}
