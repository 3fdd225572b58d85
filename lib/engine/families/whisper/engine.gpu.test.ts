import * as wasm from 'onnxruntime-web/wasm';
import * as webgpu from 'onnxruntime-web/webgpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import type { SpeechOptions } from '@/lib/engine/families/speech-model';
import { probeGpu } from '@/lib/engine/runtime/gpu';
import {
  createInferenceRuntime,
  type InferenceRuntime,
  runtimeError,
} from '@/lib/engine/runtime/runtime';
import { generate } from '@/tools/random-models/presets';
import { openWhisper } from './engine';
import { repositoryFiles } from './test-files';

/** The software adapter needs many seconds to compile and to run. */
const SLOW_MS = 280_000;

const probe = await probeGpu(true);
const options: SpeechOptions = { hotWords: [], language: null, task: 'transcribe' };

function runtimeOf(backend: 'wasm' | 'webgpu', ort: typeof wasm | typeof webgpu): InferenceRuntime {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = `${location.origin}/ort/`;
  return createInferenceRuntime({ backend, threads: 1, ort, translate: runtimeError });
}

const WASM = runtimeOf('wasm', wasm);
const WEBGPU = runtimeOf('webgpu', webgpu);

/** One window of two segments, and one of its own. */
let batch: Float32Array[];

beforeAll(async () => {
  const wave = await fetch('/models/ai2text-en/known-clip.wav');
  const clip = await readWavPcm(await wave.blob());
  const long = new Float32Array(450_000);
  for (let at = 0; at + clip.length <= long.length; at += clip.length) long.set(clip, at);
  batch = [clip, clip.slice(10_000, 42_000), long];
});

describe('Whisper models in the browser', () => {
  it.skipIf(!probe.usable)(
    'give on webgpu the words and times of wasm',
    async () => {
      const run = async (runtime: InferenceRuntime) => {
        const files = repositoryFiles(generate('whisper-timestamped-random'));
        const model = await openWhisper(runtime, files, { languages: ['en', 'de'] }, null);
        const result = await model.recognise(batch, options, new AbortController().signal);
        await model.release();
        return result;
      };
      const want = await run(WASM);
      const got = await run(WEBGPU);
      console.info(`webgpu ${got.inferenceMs.toFixed()} ms, wasm ${want.inferenceMs.toFixed()} ms`);
      expect(want.hypotheses.flatMap(({ words }) => words).length).toBeGreaterThan(5);
      expect(got.language).toBe(want.language);
      for (const [at, { words }] of want.hypotheses.entries())
        expect(got.hypotheses[at]?.words).toEqual(
          words.map((word) => ({ ...word, confidence: expect.closeTo(word.confidence, 2) })),
        );
    },
    SLOW_MS,
  );
});
