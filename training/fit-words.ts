// Learns what a model's words are worth, and writes it into the catalogue of models:
//   node tools/run.mjs training/fit-words.ts ID FOLDER MANIFEST.jsonl [--heads WINDOWS] [--dump FILE]
// ID is that of the catalogue, FOLDER has the model's files as its repository has them (the built-in
// ones lie in public/models), MANIFEST names training speech with what was said: audio, text
// (training/unpack.py makes one of shards). It must hold no speech that figures are measured on.
//  - `confidence`: how often words are right, by the model's probability and by what the phone
//    network that gives word times says to them: logistic regression (Platt 1999).
//  - `onsetHeads`, for Whisper: the heads of the decoder whose attention has its peak at the same
//    distance from the beginning of most words, and that distance; against forced alignment.
// The models run as they do in the app, in the same runtime, on one thread.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findModel } from '../lib/engine/families/open-model';
import type { ModelFiles } from '../lib/engine/families/speech-model';
import { nodeRuntime } from '../lib/engine/runtime/test-runtime';
import { decodeWindows } from '../lib/engine/families/whisper/decode';
import { loadFiles } from '../lib/engine/families/whisper/load-files';
import { promptTokens } from '../lib/engine/families/whisper/prompt';
import { usualRules } from '../lib/engine/families/whisper/rules';
import { windowText } from '../lib/engine/families/whisper/word-times';
import { speechWindows } from '../lib/engine/families/whisper/windows';
import { openAligner } from '../lib/engine/alignment/align';
import { logOdds } from '../lib/engine/words/confidence';
import { SAMPLE_RATE_HZ } from '../lib/engine/audio/constants';
import type { CatalogueModel, ConfidenceMap } from '../lib/catalogue/catalogue';
import { readRecording } from '../tools/audio/recordings';
import { readCatalogue, writeLearnt } from '../tools/catalogue/catalogue';
import { root } from '../tools/command/root';
import { matchWords } from '../tools/wer/match-words';
import { fitLogistic } from './logistic';
import { readManifest } from './node-model';

const SAMPLES_PER_MS = SAMPLE_RATE_HZ / 1000;
const STEP_MS = 20;
const MS_PER_WINDOW = 30_000;

/** The most heads to take, and how far from their usual lag half of their peaks may be. */
const MOST_HEADS = 4;
const LARGEST_SPREAD_MS = 30;
/** Peaks are looked for this far before and after a word's beginning. */
const AROUND_MS = 500;
/** A word is compared when the phone network is at least this sure of it, and it lasts so long. */
const LEAST_AGREEMENT = 0.3;
const LEAST_MS = 100;
/** Lags are at most this far from the onset: heads that attend elsewhere show something else. */
const FARTHEST_LAG_MS = 150;

/** A recording, and what was said. */
interface Spoken {
  pcm: Float32Array;
  text: string;
}

/** A word that the model heard. */
interface HeardWord {
  text: string;
  /** The model's own probability, and how well the sound matches by the phone network. */
  model: number;
  sound: number | null;
  correct: boolean;
}

/** A head of the decoder, and where its attention has its peak, from the beginning of words. */
interface Head {
  layer: number;
  head: number;
  /** The median, and the median distance from it. */
  lagMs: number;
  spreadMs: number;
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    heads: { type: 'string', default: '16' },
    dump: { type: 'string' },
  },
});
const [id = '', folder = '', manifest] = positionals;
if (!manifest) throw new Error('ID, FOLDER and MANIFEST.jsonl are needed.');

const { models } = readCatalogue();
const [embedded] = models;
const signal = new AbortController().signal;
const utterances: Spoken[] = readManifest(manifest).map(({ path, text }) => ({
  pcm: readRecording(path),
  text,
}));

const bytesAt = (path: string) => Uint8Array.from(readFileSync(path));
const served = (file: { path: string }) => bytesAt(join(root, 'public', 'models', file.path));

function entryOf(wanted: string): CatalogueModel {
  const entry = models.find((model) => model.id === wanted);
  if (!entry) throw new Error(`The catalogue has no ${wanted}.`);
  return entry;
}

/** The files of a model as the app is given them. */
function filesOf({ backends }: CatalogueModel): ModelFiles {
  // the built-in ones are named from the catalogue's folder
  const paths = new Map(
    Object.entries(backends.wasm?.files ?? {}).map(([role, { path }]) => [
      role,
      path.replace(new RegExp(`^${id}/`), ''),
    ]),
  );
  const pathOf = (role: string) => paths.get(role) ?? '';
  return {
    has: (role) => paths.has(role),
    nameOf: (role) => pathOf(role).split('/').at(-1) ?? '',
    read: async (role) => bytesAt(join(folder, pathOf(role))),
  };
}

/** Utterances that are heard together, as the segments of a job are. */
function batches(): Spoken[][] {
  const made: Spoken[][] = [];
  let batch: Spoken[] = [];
  let ms = 0;
  for (const utterance of utterances) {
    const length = utterance.pcm.length / SAMPLES_PER_MS;
    if (batch.length > 0 && ms + length > 2 * MS_PER_WINDOW) {
      made.push(batch);
      batch = [];
      ms = 0;
    }
    batch.push(utterance);
    ms += length;
  }
  return batch.length > 0 ? [...made, batch] : made;
}

/** Every word that the model hears: its probabilities, and whether it was said. */
async function hearWords(entry: CatalogueModel): Promise<HeardWord[]> {
  const limits = { rows: 4, paddedSamples: 16_000 * 80, shortest: 0.8 };
  const open = await findModel(
    {
      model: entry,
      aligner: entry.family === 'ctc' ? null : embedded,
      modelsUrl: '',
      runtimeUrl: '',
      threads: 1,
    },
    'wasm',
    limits,
    {
      fetchFile: async (file) => served(file).buffer,
      openInstalled: async () => filesOf(entry),
    },
    signal,
  );
  const model = await open(nodeRuntime);
  const words: HeardWord[] = [];
  for (const batch of batches()) {
    const { hypotheses } = await model.recognise(
      batch.map(({ pcm }) => pcm.slice()),
      { hotWords: [], language: 'en', task: 'transcribe' },
      signal,
    );
    for (const [index, { text }] of batch.entries()) {
      const heard = hypotheses[index]?.words ?? [];
      const { correct } = matchWords(
        text.split(/\s+/),
        heard.map((word) => word.text),
      );
      for (const [at, word] of heard.entries())
        words.push({
          text: word.text,
          model: word.confidence,
          sound: word.agreement ?? null,
          correct: correct[at] ?? false,
        });
    }
    console.log(`${words.length} words`);
  }
  await model.release();
  return words;
}

function fitConfidence(words: readonly HeardWord[]): ConfidenceMap {
  const fit = (rows: number[][], outcomes: boolean[]) => fitLogistic(rows, outcomes).map(rounded);
  const [bias = 0, model = 0] = fit(
    words.map((word) => [logOdds(word.model)]),
    words.map(({ correct }) => correct),
  );
  const alone = { bias, model };
  const rows: number[][] = [];
  const outcomes: boolean[] = [];
  for (const { model: probability, sound, correct } of words) {
    if (sound === null) continue;
    rows.push([logOdds(probability), logOdds(sound)]);
    outcomes.push(correct);
  }
  if (rows.length <= words.length / 2) return { alone, heard: null };
  const [both = 0, byModel = 0, bySound = 0] = fit(rows, outcomes);
  return { alone, heard: { bias: both, model: byModel, sound: bySound } };
}

/** Where each head's attention has its peak, from the beginning of each word, in ms. */
async function lagsOfHeads(entry: CatalogueModel, count: number): Promise<Head[]> {
  const { network, vocabulary, languageModel } = embedded.backends.wasm.files;
  const aligner = await openAligner(
    nodeRuntime,
    {
      network: served(network),
      vocabulary: served(vocabulary),
      languageModel: served(languageModel),
    },
    embedded,
  );
  const parts = await loadFiles(nodeRuntime, filesOf(entry));
  const { config, encoder, decoder } = parts;
  const model = { ...parts, rules: usualRules(config) };
  const language = config.languages ? 'en' : null;
  const promptOf = (times: boolean) =>
    promptTokens(config, { language, task: 'transcribe', times });
  const [prompt, plainPrompt] = [promptOf(true), promptOf(false)];
  const heads = Array.from(
    { length: config.decoderLayers * config.decoderHeads },
    (_, at): [layer: number, head: number] => [
      Math.floor(at / config.decoderHeads),
      at % config.decoderHeads,
    ],
  );
  const lags: number[][] = heads.map(() => []);
  const windows = speechWindows(utterances.map(({ pcm }) => pcm)).slice(0, count);
  for (const { window, pcm } of windows) {
    const encoded = await encoder.encode(encoder.features([pcm]));
    const batch = decoder.begin(encoded);
    const request = { prompt, noSpeech: 0, speechSamples: pcm.length };
    const [found] = await decodeWindows(batch, [request], model, { hot: null, signal });
    if (!found) continue;
    const { words } = windowText(window, pcm, found, plainPrompt, model);
    const times = await aligner.align(
      pcm,
      words.map(({ text }) => text),
    );
    const isText = (token: number) => token < config.endId;
    const sequence = [...plainPrompt, ...found.tokens.filter(isText)];
    const attention = await batch.crossAttention(0, sequence, heads);
    if (!attention) throw new Error(`${id} does not show where its decoder looks.`);
    const frames = (attention[0]?.length ?? 0) / sequence.length;
    for (const [at, { firstToken }] of words.entries()) {
      const { startSample = 0, endSample = 0, agreement = 0 } = times[at] ?? {};
      if (agreement < LEAST_AGREEMENT || endSample - startSample < LEAST_MS * SAMPLES_PER_MS)
        continue;
      const row = plainPrompt.length - 1 + found.tokens.slice(0, firstToken).filter(isText).length;
      const startMs = startSample / SAMPLES_PER_MS;
      for (const [head, weights] of attention.entries())
        lags[head]?.push(peakMs(weights.subarray(row * frames, (row + 1) * frames), startMs));
    }
    batch.dispose();
    console.log(`${lags[0]?.length ?? 0} words in windows`);
  }
  return heads.map(([layer, head], at) => ({ layer, head, ...spreadOf(lags[at] ?? []) }));
}

/** From a time to the largest weight around it. */
function peakMs(weights: Float32Array, startMs: number): number {
  const from = Math.max(0, Math.round((startMs - AROUND_MS) / STEP_MS));
  const around = weights.subarray(from, Math.round((startMs + AROUND_MS) / STEP_MS));
  return (from + around.indexOf(Math.max(...around))) * STEP_MS - startMs;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function spreadOf(values: readonly number[]): Pick<Head, 'lagMs' | 'spreadMs'> {
  const lagMs = median(values);
  return { lagMs, spreadMs: median(values.map((value) => Math.abs(value - lagMs))) };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The heads that look at onsets; says how they do, and how the published ones do. */
async function onsetHeads(entry: CatalogueModel) {
  const all = await lagsOfHeads(entry, Number(options.heads));
  const steady = all
    .filter(
      ({ lagMs, spreadMs }) =>
        spreadMs <= LARGEST_SPREAD_MS && Math.abs(lagMs) <= FARTHEST_LAG_MS,
    )
    .sort((a, b) => a.spreadMs - b.spreadMs)
    .slice(0, MOST_HEADS);
  for (const { layer, head, lagMs, spreadMs } of steady)
    console.log(
      `layer ${layer} head ${head}: ${lagMs.toFixed(0)} ms behind the onset, half within ${spreadMs.toFixed(0)} ms`,
    );
  const generation: { alignment_heads?: [number, number][] } = JSON.parse(
    readFileSync(join(folder, 'generation_config.json'), 'utf8'),
  );
  const published = new Set(generation.alignment_heads?.map(String));
  const usual = all.filter(({ layer, head }) => published.has(`${layer},${head}`));
  if (usual.length > 0) {
    const middle = median(usual.map(({ lagMs }) => lagMs)).toFixed(0);
    console.log(`published heads: ${middle} ms behind the onset (median)`);
  }
  if (options.dump) writeFileSync(`${options.dump}.heads.json`, JSON.stringify(all));
  return steady.map(({ layer, head, lagMs }) => ({ layer, head, lagMs: Math.round(lagMs) }));
}

const entry = entryOf(id);
const heads = entry.family === 'whisper' ? await onsetHeads(entry) : [];
const words = await hearWords(entry);
if (options.dump) writeFileSync(options.dump, JSON.stringify(words));
console.log(`${words.length} words, ${words.filter(({ correct }) => correct).length} right`);
const learnt = {
  ...(heads.length > 0 ? { onsetHeads: heads } : {}),
  confidence: fitConfidence(words),
};
console.log(JSON.stringify(learnt));
writeLearnt(id, learnt);
process.exit(0); // the runtime's wasm keeps Node alive
