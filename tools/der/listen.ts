import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web/wasm';
import {
  Diarisation,
  type Listener,
  openEmbedding,
  openSegmentation,
  SegmentedListener,
  SpeechListener,
} from '../../lib/engine/diarisation';
import { createInferenceRuntime, runtimeError } from '../../lib/engine/runtime';
import { segmenterOptions, type VadNetwork, VadSession } from '../../lib/engine/vad';
import { loadNetwork } from '../../workers/segment/network';

/** Samples given at once. */
const BLOCK_SAMPLES = 160_000;
const RUNTIME_URL = new URL('../../node_modules/onnxruntime-web/dist/', import.meta.url).href;
const VAD = '../../node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx';

const nothing = async () => undefined;

/** Listens to recordings as the app does, on one thread. */
export interface SpeakerListener {
  process(pcm: Float32Array): Promise<Diarisation>;
}

/**
 * @param files graphs; without a segmentation the app's own VAD finds speech
 */
export async function openListener(files: {
  embedding: string;
  segmentation?: string;
}): Promise<SpeakerListener> {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = RUNTIME_URL;
  const runtime = createInferenceRuntime({
    backend: 'wasm',
    threads: 1,
    ort,
    translate: runtimeError,
  });
  const embedding = await openEmbedding(runtime, readFileSync(files.embedding));
  if (files.segmentation === undefined) {
    const vad = await openVad();
    return { process: (pcm) => diariseSpeech(pcm, new SpeechListener(embedding), vad) };
  }
  const segmentation = await openSegmentation(runtime, readFileSync(files.segmentation));
  return { process: (pcm) => diariseAll(pcm, new SegmentedListener(segmentation, embedding)) };
}

async function diariseAll(pcm: Float32Array, listener: Listener): Promise<Diarisation> {
  for (let at = 0; at < pcm.length; at += BLOCK_SAMPLES)
    await listener.push({ startSample: at, pcm: pcm.slice(at, at + BLOCK_SAMPLES) }, nothing);
  await listener.finish(nothing);
  return new Diarisation(listener);
}

async function diariseSpeech(
  pcm: Float32Array,
  listener: Listener,
  vad: VadNetwork,
): Promise<Diarisation> {
  const session = new VadSession(vad, segmenterOptions(), null);
  const found = [...(await session.push(0, pcm, nothing)), ...(await session.finish(nothing))];
  for (const speech of found) await listener.push(speech, nothing);
  return new Diarisation(listener);
}

function openVad(): Promise<VadNetwork> {
  const bytes = readFileSync(new URL(VAD, import.meta.url));
  const modelUrl = `data:application/octet-stream;base64,${bytes.toString('base64')}`;
  return loadNetwork(ort, { modelUrl, runtimeUrl: RUNTIME_URL });
}
