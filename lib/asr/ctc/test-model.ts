import { readFileSync } from 'node:fs';
import { type CatalogueModel, type CtcSearch, catalogueSchema } from '../../models/catalogue';
import { LanguageModel } from './language-model';
import { buildLexicon } from './lexicon';
import { parseVocabulary } from './vocabulary';

/** One recording of the golden numbers: what the reference search found in it. */
export interface GoldenRecording {
  sentence: string;
  samples: number;
  frames: number;
  logProbs: Float32Array;
  words: { word: string; frame: number }[];
}

interface GoldenFile {
  units: number;
  search: CtcSearch;
  recordings: Omit<GoldenRecording, 'logProbs'>[];
}

/** The file's bytes in a buffer of their own. */
export function readBytes(path: string): ArrayBuffer {
  return Uint8Array.from(readFileSync(path)).buffer;
}

/** The model that ships with the app, for tests in Node. */
export function readEmbeddedModel() {
  const entry = embeddedEntry();
  const { files } = entry.backends.wasm;
  const vocabulary = parseVocabulary(readBytes(`public/models/${files.vocabulary.path}`));
  const model = new LanguageModel(readBytes(`public/models/${files.languageModel.path}`));
  const lexicon = buildLexicon(model, vocabulary.phones);
  return { entry, vocabulary, model, lexicon };
}

function embeddedEntry(): CatalogueModel {
  const text = readFileSync('public/models/catalogue.json', 'utf8');
  const [entry] = catalogueSchema.parse(JSON.parse(text)).models;
  if (!entry) throw new Error('The catalogue is empty.');
  return entry;
}

/** Log-probabilities of real speech and what `training/golden.mjs` found in them. */
export function readGolden(): { units: number; search: CtcSearch; recordings: GoldenRecording[] } {
  // written by our own script, in this shape
  const file = JSON.parse(readFileSync('lib/asr/ctc/fixtures/golden.json', 'utf8')) as GoldenFile;
  const all = new Float32Array(readBytes('lib/asr/ctc/fixtures/golden.bin'));
  let at = 0;
  const recordings = file.recordings.map((recording) => {
    const from = at;
    at += recording.frames * file.units;
    return { ...recording, logProbs: all.slice(from, at) };
  });
  return { units: file.units, search: file.search, recordings };
}
