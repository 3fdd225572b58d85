// Our engine as the app's workers use it, with a watch on its parts.
import { WhisperMel } from '@/lib/engine/audio/features/whisper-mel';
import { openMoonshine } from '@/lib/engine/families/moonshine/engine';
import { openWhisper } from '@/lib/engine/families/whisper/engine';
import { WhisperEncoder } from '@/lib/engine/families/whisper/network';
import { createInferenceRuntime } from '@/lib/engine/runtime/runtime';
import { runtimeError } from '@/lib/engine/runtime/runtime-errors';
import { tap } from './decoder-tap.mjs';
import { Stopwatch, timeRuns } from './meter.mjs';

const OPEN = { whisper: openWhisper, moonshine: openMoonshine };
const SUFFIXES = { fp32: '', q8: '_quantized' };

/**
 * Loads a model of a folder that is laid out like a published repository.
 * @param {typeof import('onnxruntime-web')} ort of the backend
 */
export async function loadOurs(
  ort,
  { model, dtype, backend, threads, kernels = null, maxTokens, asPeer, suppressed },
) {
  ort.env.wasm.wasmPaths = `${self.location.origin}/ort/`;
  ort.env.wasm.numThreads = threads;
  const watch = new Stopwatch();
  const tokens = [];
  Object.assign(tap, {
    maxTokens,
    asPeer,
    suppressed,
    onTime: (name, ms) => watch.add(name, ms),
    onRows: (rows) => tokens.push(...rows.map((row) => row.tokens)),
  });
  const runtime = createInferenceRuntime({
    backend,
    threads,
    kernels,
    ort: { Tensor: ort.Tensor, InferenceSession: timedSessions(ort, watch) },
    translate: runtimeError,
  });
  timeFeatures(watch);
  if (kernels) timeKernels(watch);
  const engine = await OPEN[model.family](runtime, filesOf(model, dtype), model.entry, null);
  const options = { hotWords: [], language: model.multilingual ? 'en' : null, task: 'transcribe' };
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

function filesOf({ folder }, dtype) {
  const base = `/models/${folder}/`;
  const names = {
    encoder: `onnx/encoder_model${SUFFIXES[dtype]}.onnx`,
    decoder: `onnx/decoder_model_merged${SUFFIXES[dtype]}.onnx`,
    tokenizer: 'tokenizer.json',
    config: 'config.json',
    generation: 'generation_config.json',
  };
  return {
    has: (role) => Object.hasOwn(names, role),
    nameOf: (role) => names[role],
    async read(role) {
      const response = await fetch(base + names[role]);
      if (!response.ok) throw new Error(`${names[role]}: ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

/** Sessions whose runs are timed: the encoder is the one that takes sound. */
function timedSessions({ InferenceSession, env }, watch) {
  return {
    async create(...args) {
      const session = await InferenceSession.create(...args);
      const isEncoder = session.inputNames.some((name) => /^input_(features|values)$/.test(name));
      timeRuns(session, isEncoder, watch, env);
      return session;
    },
  };
}

/** The encoder on kernels has no session; the decoder's own program is part of the decoder. */
function timeKernels(watch) {
  const { encode } = WhisperEncoder.prototype;
  WhisperEncoder.prototype.encode = function (...args) {
    return watch.time('encoder', () => encode.apply(this, args));
  };
}

function timeFeatures(watch) {
  const { compute } = WhisperMel.prototype;
  WhisperMel.prototype.compute = function (...args) {
    const startMs = performance.now();
    compute.apply(this, args);
    watch.add('features', performance.now() - startMs);
  };
}
