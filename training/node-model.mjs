// The embedded model in Node, for the scripts beside this file: the same wasm runtime as the app's.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web/wasm';
import { ReferenceLanguageModel, ReferenceSearch } from './reference-search.mjs';

const MODELS = new URL('../public/models/', import.meta.url);

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = new URL('../node_modules/onnxruntime-web/dist/', import.meta.url).href;

/** A file's own bytes. */
export function readBytes(path) {
  return Uint8Array.from(readFileSync(path)).buffer;
}

/** The catalogue's first model, its files read. */
export function readModel() {
  const catalogue = JSON.parse(readFileSync(new URL('catalogue.json', MODELS), 'utf8'));
  const entry = catalogue.models[0];
  const bytes = (file) => readBytes(new URL(file.path, MODELS));
  const { files } = entry.backends.wasm;
  const vocabulary = JSON.parse(new TextDecoder().decode(bytes(files.vocabulary)));
  return { entry, vocabulary, languageModel: bytes(files.languageModel), bytes };
}

/** The reference search of a model. */
export function referenceOf({ entry, vocabulary, languageModel }) {
  const model = new ReferenceLanguageModel(languageModel);
  return new ReferenceSearch(model, vocabulary.phones, entry.search);
}

/** A function from PCM to phone log-probabilities: `backend` says which of the two networks. */
export async function openNetwork({ entry, bytes }, backend) {
  const network = new Uint8Array(bytes(entry.backends[backend].files.network));
  const session = await ort.InferenceSession.create(network);
  return async (pcm) => {
    const { phones } = await session.run({
      pcm: new ort.Tensor('float32', pcm, [1, pcm.length]),
      lengths: new ort.Tensor('int64', BigInt64Array.of(BigInt(pcm.length)), [1]),
    });
    return phones.data;
  };
}

/** PCM of any recording at 16 kHz, by ffmpeg. @param {string | Buffer} source path or bytes */
export function decode(source) {
  const isPath = typeof source === 'string';
  const input = isPath ? source : 'pipe:0';
  const args = ['-v', 'error', '-i', input, '-ar', '16000', '-ac', '1', '-f', 'f32le', 'pipe:1'];
  const raw = execFileSync('ffmpeg', args, {
    maxBuffer: 2 ** 30,
    ...(isPath ? {} : { input: source }),
  });
  return new Float32Array(Uint8Array.from(raw).buffer);
}

/** A path below the project. */
export function inProject(path) {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
