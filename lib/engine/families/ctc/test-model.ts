import { readFileSync } from 'node:fs';
import { type CtcSearch, catalogueSchema, type DraftModel } from '@/lib/catalogue/catalogue';
import type { HotWords } from '@/lib/engine/search/hot-words';
import { LanguageModel } from '@/lib/engine/search/language-model';
import { buildLexicon } from '@/lib/engine/search/lexicon-build';
import { parseVocabulary } from '@/lib/engine/search/vocabulary';

/** One recording of the golden numbers: what the reference search found in it. */
export interface GoldenRecording {
  name: string;
  samples: number;
  frames: number;
  logProbs: Float32Array;
  hotWords: HotWords;
  words: { word: string; frame: number }[];
}

interface GoldenFile {
  units: number;
  search: CtcSearch;
  hotWords: Pick<HotWords, 'entries' | 'added'>[];
  recordings: (Omit<GoldenRecording, 'logProbs' | 'hotWords'> & { hotWords: number })[];
}

/** The file's bytes in a buffer of their own. */
export function readBytes(path: string): ArrayBuffer {
  return Uint8Array.from(readFileSync(path)).buffer;
}

/** The model that ships with the app, for tests in Node. */
export function readBuiltInModel() {
  const entry = builtInEntry();
  const { files } = entry.backends.wasm;
  const vocabulary = parseVocabulary(readBytes(`public/models/${files.vocabulary.path}`));
  const model = new LanguageModel(readBytes(`public/models/${files.languageModel.path}`));
  const lexicon = buildLexicon(model, vocabulary.phones.length);
  return { entry, vocabulary, model, lexicon };
}

function builtInEntry(): DraftModel {
  const text = readFileSync('public/models/catalogue.json', 'utf8');
  return catalogueSchema.parse(JSON.parse(text)).models[0];
}

/** Log-probabilities of synthetic speech and what `training/golden.ts` found in them. */
export function readGolden(): { units: number; search: CtcSearch; recordings: GoldenRecording[] } {
  const folder = 'lib/engine/families/ctc/fixtures/golden';
  // written by our own script, in this shape
  const file = JSON.parse(readFileSync(`${folder}/recordings.json`, 'utf8')) as GoldenFile;
  const all = new Float32Array(readBytes(`${folder}/scores.bin`));
  let at = 0;
  const recordings = file.recordings.map((recording) => {
    const from = at;
    at += recording.frames * file.units;
    const list = file.hotWords[recording.hotWords] ?? { entries: [], added: [] };
    const hotWords = { ...list, written: new Map<number, string>() };
    return { ...recording, hotWords, logProbs: all.slice(from, at) };
  });
  return { units: file.units, search: file.search, recordings };
}

/** A small language model; ids 0 to 2 of the words are given to it. */
export interface ModelDraft {
  /** Written form and pronunciations, each a list of units. */
  words: readonly (readonly [string, ...number[][]])[];
  /** Costs in sixteenths, for the three special words too; 100 for those left out. */
  unigrams?: readonly number[];
  backOffs?: readonly number[];
  /** In the order of the first and the second word. */
  bigrams?: readonly { words: readonly [number, number]; cost: number; backOff: number }[];
  trigrams?: readonly { words: readonly [number, number, number]; cost: number }[];
}

/** The bytes of a language model, laid out as the docblock of `LanguageModel` says. */
export function encodeModel(draft: ModelDraft): Uint8Array<ArrayBuffer> {
  const { words, unigrams = [], backOffs = [], bigrams = [], trigrams = [] } = draft;
  const lines = words.map(([written, ...ways]) =>
    [written, ...ways.map((units) => String.fromCharCode(...units.map((u) => 64 + u)))].join('\t'),
  );
  const block = new TextEncoder().encode(['<s>', '</s>', '<unk>', ...lines].join('\n'));
  const ids = Array.from({ length: words.length + 3 }, (_, id) => id);
  const counts = bigrams.flatMap(({ words: [u, v] }) =>
    leb128(trigrams.filter(({ words: [first, second] }) => first === u && second === v).length),
  );
  const sizes = [ids.length, bigrams.length, trigrams.length, block.length, counts.length];
  return Uint8Array.from([
    ...new TextEncoder().encode('A2TLM02\n'),
    ...sizes.flatMap((size) => littleEndian(size, 4)),
    ...block,
    ...ids.map((id) => unigrams[id] ?? 100),
    ...ids.map((id) => backOffs[id] ?? 0),
    ...ids.flatMap((id) => littleEndian(bigrams.filter((one) => one.words[0] === id).length, 2)),
    ...bigrams.flatMap((one) => littleEndian(one.words[1], 2)),
    ...bigrams.map(({ cost }) => cost),
    ...bigrams.map(({ backOff }) => backOff),
    ...counts,
    ...trigrams.flatMap((one) => littleEndian(one.words[2], 2)),
    ...trigrams.map(({ cost }) => cost),
  ]);
}

function littleEndian(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, at) => (value >> (8 * at)) & 255);
}

function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb128(value >> 7)];
}

/** Units of the small model's network. */
export const SMALL_PHONES = ['<blank>', 'B', 'P', 'T', 'AE', 'N'];

/**
 * A model of four words. "ban" and "pan" differ in their first phone; "tan" is so rare that it falls
 * out of a narrow beam.
 */
export function smallModel(): Uint8Array<ArrayBuffer> {
  return encodeModel({
    words: [
      ['ban', [1, 4, 5]],
      ['pan', [2, 4, 5]],
      ['tan', [3, 4, 5]],
      ['an', [4, 5]],
    ],
    unigrams: [200, 16, 100, 32, 64, 250, 48],
  });
}

/** A frame for `scoresOf`: a phone and another one, with their probabilities. */
type FramePhones = readonly [phone: number, p: number, other?: number, q?: number];

/** Log-probabilities of the small model's network; the other phones share the rest. */
export function scoresOf(frames: readonly FramePhones[]): Float32Array {
  return Float32Array.from(
    frames.flatMap(([phone, p, other, q = 0]) =>
      SMALL_PHONES.map((_, at) =>
        at === phone ? p : at === other ? q : (1 - p - q) / SMALL_PHONES.length,
      ),
    ),
    Math.log,
  );
}

/** "ban", "pan" or "tan" in five frames, in doubt between two first phones. */
export function doubtful(phone: number, p: number, other: number, q: number): Float32Array {
  return scoresOf([
    [0, 0.9],
    [phone, p, other, q],
    [4, 0.9],
    [5, 0.9],
    [0, 0.9],
  ]);
}
