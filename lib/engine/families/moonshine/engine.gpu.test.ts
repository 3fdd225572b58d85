import * as wasm from 'onnxruntime-web/wasm';
import * as webgpu from 'onnxruntime-web/webgpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import type { SpeechOptions } from '@/lib/engine/families/speech-model';
import { repositoryFiles } from '@/lib/engine/families/whisper/test-files';
import { probeGpu } from '@/lib/engine/runtime/gpu';
import {
  createInferenceRuntime,
  type InferenceRuntime,
  runtimeError,
} from '@/lib/engine/runtime/runtime';
import { generate } from '@/tools/random-models/presets';
import { openMoonshine } from './engine';

/** The software adapter needs many seconds to compile and to run. */
const SLOW_MS = 240_000;

const probe = await probeGpu(true);
const options: SpeechOptions = { hotWords: [], language: null, task: 'transcribe' };

function runtimeOf(backend: 'wasm' | 'webgpu', ort: typeof wasm | typeof webgpu): InferenceRuntime {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = `${location.origin}/ort/`;
  return createInferenceRuntime({ backend, threads: 1, ort, translate: runtimeError });
}

const WASM = runtimeOf('wasm', wasm);
const WEBGPU = runtimeOf('webgpu', webgpu);

/** Two segments of one length, which run together, and one of its own. */
let batch: Float32Array[];

beforeAll(async () => {
  const wave = await fetch('/models/ai2text-en/known-clip.wav');
  const clip = await readWavPcm(await wave.blob());
  batch = [clip.slice(0, 32_000), clip.slice(10_000, 58_000), clip.slice(26_000, 58_000)];
});

describe('Moonshine models in the browser', () => {
  it.skipIf(!probe.usable)(
    'give on webgpu the words of wasm',
    async () => {
      const run = async (runtime: InferenceRuntime) => {
        const files = repositoryFiles(generate('moonshine-random'));
        const model = await openMoonshine(runtime, files, { languages: ['en'] }, null);
        const result = await model.recognise(batch, options, new AbortController().signal);
        await model.release();
        return result;
      };
      const want = await run(WASM);
      const got = await run(WEBGPU);
      console.info(`webgpu ${got.inferenceMs.toFixed()} ms, wasm ${want.inferenceMs.toFixed()} ms`);
      const texts = want.hypotheses.map(({ words }) => words.map(({ text }) => text).join(' '));
      // three different texts: nothing is said of rows that all say the same
      expect(new Set(texts).size).toBe(batch.length);
      expect(want.hypotheses.flatMap(({ words }) => words).length).toBeGreaterThan(10);
      for (const [at, { words }] of want.hypotheses.entries())
        expect(got.hypotheses[at]?.words).toEqual(
          words.map((word) => ({ ...word, confidence: expect.closeTo(word.confidence, 2) })),
        );
    },
    SLOW_MS,
  );
});
