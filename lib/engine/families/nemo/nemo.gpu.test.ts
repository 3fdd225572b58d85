import * as wasm from 'onnxruntime-web/wasm';
import * as webgpu from 'onnxruntime-web/webgpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import type { SpeechModel } from '@/lib/engine/families/speech-model';
import { probeGpu } from '@/lib/engine/runtime/gpu';
import {
  createInferenceRuntime,
  type InferenceRuntime,
  runtimeError,
} from '@/lib/engine/runtime/runtime';
import { nemoCtcFiles, tdtFiles } from '@/tools/random-models/nemo';
import { openNemoCtc, openTdt } from './engine';
import { CTC_PATHS, entryOf, filesOf, SPEECH, TDT_PATHS, TRANSFORMERS_PATHS } from './test-model';

/** The software adapter needs many seconds to compile and to run. */
const SLOW_MS = 240_000;

const probe = await probeGpu(true);

function runtimeOf(backend: 'wasm' | 'webgpu', ort: typeof wasm | typeof webgpu): InferenceRuntime {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = `${location.origin}/ort/`;
  return createInferenceRuntime({ backend, threads: 1, ort, translate: runtimeError });
}

const WASM = runtimeOf('wasm', wasm);
const WEBGPU = runtimeOf('webgpu', webgpu);

/** Two segments of like length, which a GPU takes in one run, and one much shorter. */
let batch: Float32Array[];

beforeAll(async () => {
  const wave = await fetch('/models/ai2text-en/known-clip.wav');
  const clip = await readWavPcm(await wave.blob());
  batch = [clip.slice(0, 32_000), clip.slice(30_000, 58_000), clip.slice(10_000, 22_000)];
});

const MODELS: [name: string, open: (runtime: InferenceRuntime) => Promise<SpeechModel>][] = [
  [
    'CTC in the layout of NeMo',
    (runtime) => openNemoCtc(runtime, filesOf(nemoCtcFiles(), CTC_PATHS), entryOf('nemo-ctc')),
  ],
  [
    'CTC in the layout of transformers',
    (runtime) => {
      const files = filesOf(nemoCtcFiles({ layout: 'transformers' }), TRANSFORMERS_PATHS);
      return openNemoCtc(runtime, files, entryOf('nemo-ctc'));
    },
  ],
  ['TDT', (runtime) => openTdt(runtime, filesOf(tdtFiles(), TDT_PATHS), entryOf('tdt'))],
];

describe('Parakeet models in the browser', () => {
  it.skipIf(!probe.usable).each(MODELS)(
    'give on webgpu the words and times of wasm: %s',
    async (name, open) => {
      const run = async (runtime: InferenceRuntime) => {
        const model = await open(runtime);
        const result = await model.recognise(batch, SPEECH, new AbortController().signal);
        await model.release();
        return result;
      };
      const want = await run(WASM);
      const got = await run(WEBGPU);
      console.info(`${name}: ${JSON.stringify({ ...got, hypotheses: got.hypotheses.length })}`);
      expect(want.hypotheses.flatMap(({ words }) => words).length).toBeGreaterThan(5);
      for (const [at, { words }] of want.hypotheses.entries())
        expect(got.hypotheses[at]?.words).toEqual(
          words.map((word) => ({ ...word, confidence: expect.closeTo(word.confidence, 2) })),
        );
    },
    SLOW_MS,
  );
});
