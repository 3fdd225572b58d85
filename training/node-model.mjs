// The embedded model in Node, for the scripts beside this file: the same wasm runtime as the app's,
// and the app's own modules.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as ort from 'onnxruntime-web/wasm';
import { build } from 'vite';

const MODELS = new URL('../public/models/', import.meta.url);

const APP_MODULES = [
  'lib/engine/search/beam-search.ts',
  'lib/engine/search/hot-words.ts',
  'lib/engine/search/language-model.ts',
  'lib/engine/search/lexicon-build.ts',
  'lib/engine/runtime/word-error-rate.ts',
];

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = new URL('../node_modules/onnxruntime-web/dist/', import.meta.url).href;

/** A file's own bytes. */
function readBytes(path) {
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

/** What the modules of the word search export, compiled for Node. */
export async function importApp() {
  const folder = mkdtempSync(join(tmpdir(), 'app-modules-'));
  const input = Object.fromEntries(
    APP_MODULES.map((path, index) => [`m${index}`, inProject(path)]),
  );
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      target: 'node20',
      minify: false,
      lib: { entry: input, formats: ['es'] },
    },
  });
  const modules = await Promise.all(
    APP_MODULES.map((_, index) => import(pathToFileURL(join(folder, `m${index}.js`)).href)),
  );
  rmSync(folder, { recursive: true });
  return Object.assign({}, ...modules);
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

/** A user's vocabulary as `decoder.py` takes it. */
export function plainHotWords({ entries, added }) {
  const plain = ({ written, pronunciations }) => ({
    written,
    pronunciations: pronunciations.map((units) => Array.from(units)),
  });
  return { entries, added: added.map(plain) };
}

/**
 * Writes what `decoder.py` reads.
 * @param {string} folder
 * @param {object} content for `recordings.json`
 * @param {Float32Array[]} scores log-probabilities of each recording
 */
export function writeRecordings(folder, content, scores) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'recordings.json'), `${JSON.stringify(content, null, 1)}\n`);
  writeFileSync(join(folder, 'scores.bin'), Buffer.concat(scores.map((data) => Buffer.from(data.slice().buffer))));
}

/** A path below the project. */
export function inProject(path) {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
