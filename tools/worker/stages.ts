import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as ort from 'onnxruntime-web/wasm';
import { memoizePromise, throwIfAborted, toAppError, yieldToEventLoop } from '@/lib/core';
import { RECOGNISE_TIMEOUT_MS, type RecogniserMethods } from '@/lib/engine';
import { FfmpegProgram, openRun } from '@/lib/engine/decode';
import type { Decoder, Recogniser, Segmenter, Stages } from '@/lib/engine/pipeline';
import { createClient } from '@/lib/engine/rpc';
import { segmenterOptions, type VadNetwork, VadSession } from '@/lib/engine/vad';
import { loadNetwork } from '@/workers/segment/network';
import { root } from '../command/root';
import { findInstalledModel } from './model-files';
import { NativeFfmpeg } from './native-ffmpeg';
import type { WorkerSettings } from './settings';
import { spawnThread } from './spawn-thread';
import { WASM_FOLDER } from './start-runtime';
import { startWasmFfmpeg } from './wasm-ffmpeg';

const MODULES = join(root, 'node_modules');
const RESAMPLER = pathToFileURL(join(MODULES, '@echogarden/speex-resampler-wasm/wasm/')).href;
const VAD = join(MODULES, '@ricky0123/vad-web/dist/silero_vad_v6.onnx');

/** The stages of the pipeline without a browser. */
export interface NodeStages extends Stages {
  dispose(): void;
}

/** Makes the stages. Networks start with the first source; the recogniser runs in a thread of its own. */
export function createStages(settings: WorkerSettings): NodeStages {
  const { recogniser, dispose } = createRecogniser(settings);
  return { decoder: createDecoder(settings), segmenter: createSegmenter(), recogniser, dispose };
}

function createDecoder({ ffmpegPath }: WorkerSettings): Decoder {
  return {
    async open(source, { startSample, track = null, decoder, signal }) {
      const never = new AbortController().signal;
      const run = await openRun(
        {
          source,
          startSample,
          track,
          assets: { ffmpegUrl: '', resamplerUrl: RESAMPLER },
          choices: { decoder: decoder === 'ffmpeg' ? 'ffmpeg' : 'auto', ffmpegFlow: 'shared' },
          makeFfmpeg: () =>
            ffmpegPath === null
              ? new FfmpegProgram(true, startWasmFfmpeg)
              : new NativeFfmpeg(ffmpegPath),
        },
        signal ?? never,
      );
      return {
        get info() {
          return run.info;
        },
        get notices() {
          return run.notices;
        },
        get loudest() {
          return run.loudest;
        },
        read: (readSignal) => run.read(readSignal ?? never),
        async close() {
          run.close();
        },
      };
    },
  };
}

function createSegmenter(): Segmenter {
  const network = memoizePromise<VadNetwork>(() => {
    const bytes = readFileSync(VAD).toString('base64');
    const modelUrl = `data:application/octet-stream;base64,${bytes}`;
    return loadNetwork(ort, { modelUrl, runtimeUrl: WASM_FOLDER });
  });
  return {
    async open(from, signal) {
      const session = new VadSession(await network(), segmenterOptions(), from);
      throwIfAborted(signal);
      const pause = () => yieldToEventLoop(signal);
      const failing = (error: unknown): never => {
        throw toAppError(error, 'SEGMENT_FAILED');
      };
      return {
        startSample: session.startSample,
        get nextStartSample() {
          return session.nextStartSample;
        },
        push: ({ startSample, pcm }) => session.push(startSample, pcm, pause).catch(failing),
        finish: () => session.finish(pause).catch(failing),
        close: async () => undefined,
      };
    },
  };
}

function createRecogniser({ threads }: WorkerSettings): {
  recogniser: Recogniser;
  dispose(): void;
} {
  const client = createClient<RecogniserMethods>(() => spawnThread('./recogniser-thread.ts'), {
    name: 'recogniser',
    callTimeoutMs: RECOGNISE_TIMEOUT_MS,
  });
  return {
    recogniser: {
      async prepare(modelId, signal) {
        const { model, aligner } = await findInstalledModel(modelId);
        const { info } = await client.call(
          'load',
          { model, aligner, modelsUrl: '', runtimeUrl: WASM_FOLDER, threads },
          { signal },
        );
        return info;
      },
      recognise: (batch, { signal, hotWords, language, task, numbers }) =>
        client.call(
          'recognise',
          { batch, hotWords: [...hotWords], language, task, ...(numbers && { numbers }) },
          { signal, transfer: batch.map(({ buffer }) => buffer as ArrayBuffer) },
        ),
      openFirstWords: async () => null,
    },
    dispose: () => client.dispose(),
  };
}
