// The embedded model in Node, for the scripts beside this file: the same wasm runtime as the app's,
// and the app's own modules.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as ort from 'onnxruntime-web/wasm';
import { z } from 'zod';
import { parseVocabulary, type Vocabulary } from '../lib/engine/search/vocabulary';
import type { Backend } from '../lib/engine/types';
import type { DraftModel } from '../lib/catalogue/catalogue';
import { readCatalogue } from '../tools/catalogue/catalogue';
import { root } from '../tools/command/root';

const MODELS = join(root, 'public', 'models');
const RUNTIME = join(root, 'node_modules', 'onnxruntime-web', 'dist', '/');

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = pathToFileURL(RUNTIME).href;

const lineSchema = z.object({ audio: z.string(), text: z.string() });

/** A recording of a manifest, and what was said. */
export interface ManifestLine {
  /** As the manifest names it. */
  audio: string;
  path: string;
  text: string;
}

/** The lines of a text file that are not empty. */
export function readLines(path: string): string[] {
  return readFileSync(path, 'utf8').split('\n').filter(Boolean);
}

/** The recordings of a manifest. @throws when a line is none */
export function readManifest(path: string): ManifestLine[] {
  return readLines(path).map((line) => {
    const { audio, text } = lineSchema.parse(JSON.parse(line));
    return { audio, path: resolve(dirname(path), audio), text };
  });
}

/** A file's own bytes. */
function readBytes(path: string): ArrayBuffer {
  return Uint8Array.from(readFileSync(path)).buffer;
}

/** The catalogue's first model, its files read. */
export interface NodeModel {
  entry: DraftModel;
  vocabulary: Vocabulary;
  languageModel: ArrayBuffer;
}

/** Reads the catalogue's first model. */
export function readModel(): NodeModel {
  const [entry] = readCatalogue().models;
  const { files } = entry.backends.wasm;
  return {
    entry,
    vocabulary: parseVocabulary(readBytes(join(MODELS, files.vocabulary.path))),
    languageModel: readBytes(join(MODELS, files.languageModel.path)),
  };
}

/** From PCM to the log-probabilities of phones, frame after frame. */
type Network = (pcm: Float32Array) => Promise<Float32Array>;

/** @param backend which of the two networks; both run on the processor here */
export function networkOf({ entry }: NodeModel, backend: Backend): string {
  return join(MODELS, entry.backends[backend].files.network.path);
}

/** Opens the network in a file. */
export async function openNetwork(path: string): Promise<Network> {
  const session = await ort.InferenceSession.create(new Uint8Array(readBytes(path)));
  return async (pcm) => {
    const { phones } = await session.run({
      pcm: new ort.Tensor('float32', pcm, [1, pcm.length]),
      lengths: new ort.Tensor('int64', BigInt64Array.of(BigInt(pcm.length)), [1]),
    });
    if (!(phones?.data instanceof Float32Array)) throw new Error('The network gave no phones.');
    return phones.data;
  };
}

/** What `decoder.py` reads of recordings, beside the network's scores. */
interface RecordingsFile {
  units: number;
  search: DraftModel['search'];
  /** Vocabularies of users; a recording names its own by the index. */
  hotWords: readonly unknown[];
  recordings: readonly RecordingEntry[];
}

/** A recording, and the words that were found in it. */
export interface RecordingEntry {
  name: string;
  samples?: number;
  frames: number;
  hotWords: number;
  words: readonly { word: string | undefined; frame: number }[];
}

/** A vocabulary as it was read, or its words. */
interface ReadHotWords {
  entries: unknown;
  added: readonly { written: string; pronunciations: readonly ArrayLike<number>[] }[];
}

/** A user's vocabulary as `decoder.py` takes it. */
export function plainHotWords({ entries, added }: ReadHotWords): unknown {
  return {
    entries,
    added: added.map(({ written, pronunciations }) => ({
      written,
      pronunciations: pronunciations.map((units) => Array.from(units)),
    })),
  };
}

/** Writes what `decoder.py` reads. @param scores log-probabilities of each recording */
export function writeRecordings(
  folder: string,
  content: RecordingsFile,
  scores: readonly Float32Array[],
): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'recordings.json'), `${JSON.stringify(content, null, 1)}\n`);
  writeFileSync(
    join(folder, 'scores.bin'),
    Buffer.concat(scores.map((data) => Buffer.from(data.slice().buffer))),
  );
}
