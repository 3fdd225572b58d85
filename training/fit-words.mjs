// Learns what a model's words are worth, and writes it into its entry of public/models/catalogue.json:
//   node training/fit-words.mjs ID FOLDER MANIFEST.jsonl [--heads WINDOWS] [--dump FILE]
// ID is that of the catalogue, FOLDER has the model's files as its repository has them (the built-in
// ones lie in public/models), MANIFEST names training speech with what was said: audio, text
// (training/unpack.py makes one of shards). Speech that figures are measured on is none of it.
//  - `confidence`: how often words are right, by the model's probability and by what the phone
//    network that gives word times says to them: logistic regression (Platt 1999).
//  - `onsetHeads`, for Whisper: the heads of the decoder whose attention has its peak at the same
//    distance from the beginning of most words, and that distance; against forced alignment.
// The models run as they do in the app, in the same runtime, on one thread.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { importTypeScript } from '../scripts/lib/typescript.mjs';
import { fitLogistic } from './logistic.mjs';
import { decode, inProject } from './node-model.mjs';

const CATALOGUE = inProject('public/models/catalogue.json');
const SAMPLES_PER_MS = 16;
const STEP_MS = 20;
const MS_PER_WINDOW = 30_000;

/** Heads that are taken, at most, and how far half of their peaks may be from their usual lag. */
const MOST_HEADS = 4;
const LARGEST_SPREAD_MS = 30;
/** Peaks are looked for so far around a word's beginning. */
const AROUND_MS = 500;
/** A word is compared when the phone network is at least this sure of it, and it lasts so long. */
const LEAST_AGREEMENT = 0.3;
const LEAST_MS = 100;
/** Lags lie so far around the onset: heads that look elsewhere speak for something else. */
const FARTHEST_LAG_MS = 150;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    heads: { type: 'string', default: '16' },
    dump: { type: 'string' },
  },
});
const [id, folder, manifest] = positionals;
if (!manifest) throw new Error('node training/fit-words.mjs ID FOLDER MANIFEST.jsonl');

const catalogue = JSON.parse(readFileSync(CATALOGUE, 'utf8'));
const entry = catalogue.models.find((model) => model.id === id);
if (!entry) throw new Error(`The catalogue has no ${id}.`);
const app = Object.assign(
  {},
  ...(await Promise.all(
    [
      'lib/engine/runtime/test-runtime.ts',
      'lib/engine/families/open-model.ts',
      'lib/engine/alignment/align.ts',
      'lib/engine/words/confidence.ts',
      'lib/engine/families/whisper/load-files.ts',
      'lib/engine/families/whisper/decode.ts',
      'lib/engine/families/whisper/prompt.ts',
      'lib/engine/families/whisper/rules.ts',
      'lib/engine/families/whisper/window-words.ts',
      'lib/engine/families/whisper/windows.ts',
      'lib/transcript/match-words.ts',
    ].map(importTypeScript),
  )),
);
const { signal } = new AbortController();
const utterances = readFileSync(manifest, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line))
  .map(({ audio, text }) => ({ pcm: decode(join(dirname(manifest), audio)), text }));

const embedded = catalogue.models.find(({ family }) => family === 'ctc');
const bytesAt = (path) => Uint8Array.from(readFileSync(path));
const sources = {
  fetchFile: async ({ path }) => bytesAt(inProject(`public/models/${path}`)).buffer,
  openInstalled: async () => filesOf(entry),
};

/** The files of a model as the app is given them. */
function filesOf({ backends }) {
  const { files } = backends.wasm;
  // the built-in ones are named from the catalogue's folder
  const pathOf = (role) => files[role].path.replace(new RegExp(`^${id}/`), '');
  return {
    has: (role) => role in files,
    nameOf: (role) => pathOf(role).split('/').at(-1),
    read: async (role) => bytesAt(join(folder, pathOf(role))),
  };
}

/** Utterances that are heard together, as the segments of a job are. */
function batches() {
  const made = [[]];
  let ms = 0;
  for (const utterance of utterances) {
    const length = utterance.pcm.length / SAMPLES_PER_MS;
    if (ms + length > 2 * MS_PER_WINDOW) {
      made.push([]);
      ms = 0;
    }
    made.at(-1).push(utterance);
    ms += length;
  }
  return made.filter((batch) => batch.length > 0);
}

/** Every word that the model hears: its probabilities, and whether it was said. */
async function hearWords() {
  const limits = { rows: 4, paddedSamples: 16_000 * 80, shortest: 0.8 };
  const params = { model: entry, aligner: entry.family === 'ctc' ? null : embedded, modelsUrl: '' };
  const open = await app.findModel(params, 'wasm', limits, sources, signal);
  const model = await open(app.nodeRuntime);
  const words = [];
  for (const batch of batches()) {
    const { hypotheses } = await model.recognise(
      batch.map(({ pcm }) => pcm.slice()),
      { hotWords: [], language: 'en', task: 'transcribe' },
      signal,
    );
    for (const [index, { text }] of batch.entries()) {
      const heard = hypotheses[index].words;
      const { correct } = app.matchWords(
        text.split(/\s+/),
        heard.map((word) => word.text),
      );
      for (const [at, { text, confidence, agreement = null }] of heard.entries())
        words.push({ text, model: confidence, sound: agreement, correct: correct[at] });
    }
    console.log(`${words.length} words`);
  }
  await model.release();
  return words;
}

function fitConfidence(words) {
  const { logOdds } = app;
  const alone = fitLogistic(
    words.map(({ model }) => [logOdds(model)]),
    words.map(({ correct }) => correct),
  );
  const compared = words.filter(({ sound }) => sound !== null);
  const heard =
    compared.length > words.length / 2
      ? fitLogistic(
          compared.map(({ model, sound }) => [logOdds(model), logOdds(sound)]),
          compared.map(({ correct }) => correct),
        )
      : null;
  const [bias, model] = alone.map(rounded);
  return {
    alone: { bias, model },
    heard: heard && {
      bias: rounded(heard[0]),
      model: rounded(heard[1]),
      sound: rounded(heard[2]),
    },
  };
}

/** Where each head's attention has its peak, from the beginning of each word, in ms. */
async function lagsOfHeads(count) {
  const files = { wasm: embedded.backends.wasm.files };
  const fileBytes = (file) => bytesAt(inProject(`public/models/${file.path}`));
  const aligner = await app.openAligner(
    app.nodeRuntime,
    {
      network: fileBytes(files.wasm.network),
      vocabulary: fileBytes(files.wasm.vocabulary),
      languageModel: fileBytes(files.wasm.languageModel),
    },
    embedded,
  );
  const parts = await app.loadFiles(app.nodeRuntime, filesOf(entry));
  const { config, encoder, decoder } = parts;
  const model = { ...parts, rules: app.usualRules(config) };
  const language = config.languages ? 'en' : null;
  const prompts = [true, false].map((times) =>
    app.promptTokens(config, { language, task: 'transcribe', times }),
  );
  const heads = Array.from({ length: config.decoderLayers * config.decoderHeads }, (_, at) => [
    Math.floor(at / config.decoderHeads),
    at % config.decoderHeads,
  ]);
  const lags = heads.map(() => []);
  const windows = app.speechWindows(utterances.map(({ pcm }) => pcm)).slice(0, count);
  for (const { window, pcm } of windows) {
    const encoded = await encoder.encode(await encoder.features([pcm]));
    const batch = decoder.begin(encoded);
    const [found] = await app.decodeWindows(
      batch,
      [{ prompt: prompts[0], noSpeech: 0, speechSamples: pcm.length }],
      model,
      signal,
    );
    const text = app.windowText(window, pcm, found, prompts[1], model);
    const times = await aligner.align(
      pcm,
      text.words.map((word) => word.text),
    );
    const isText = (token) => token < config.endId;
    const sequence = [...prompts[1], ...found.tokens.filter(isText)];
    const attention = await batch.crossAttention(0, sequence, heads);
    if (!attention) throw new Error(`${id} does not show where its decoder looks.`);
    const frames = attention[0].length / sequence.length;
    for (const [at, { firstToken }] of text.words.entries()) {
      const { startSample, endSample, agreement = 0 } = times[at];
      if (agreement < LEAST_AGREEMENT || endSample - startSample < LEAST_MS * SAMPLES_PER_MS)
        continue;
      const row = prompts[1].length - 1 + found.tokens.slice(0, firstToken).filter(isText).length;
      const startMs = startSample / SAMPLES_PER_MS;
      for (const [head, weights] of attention.entries())
        lags[head].push(peakMs(weights.subarray(row * frames, (row + 1) * frames), startMs));
    }
    batch.dispose();
    console.log(`${lags[0].length} words in windows`);
  }
  return heads.map(([layer, head], at) => ({ layer, head, ...spreadOf(lags[at]) }));
}

/** From a time to the largest weight around it. */
function peakMs(weights, startMs) {
  const from = Math.max(0, Math.round((startMs - AROUND_MS) / STEP_MS));
  const around = weights.subarray(from, Math.round((startMs + AROUND_MS) / STEP_MS));
  return (from + around.indexOf(Math.max(...around))) * STEP_MS - startMs;
}

/** The median, and the median distance from it. */
function spreadOf(values) {
  const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const lagMs = median([...values]);
  return { lagMs, spreadMs: median(values.map((value) => Math.abs(value - lagMs))) };
}

function rounded(value) {
  return Math.round(value * 1000) / 1000;
}

const known = {};
if (entry.family === 'whisper') {
  const all = await lagsOfHeads(Number(options.heads));
  const steady = all
    .filter(({ lagMs, spreadMs }) => spreadMs <= LARGEST_SPREAD_MS && Math.abs(lagMs) <= FARTHEST_LAG_MS)
    .sort((a, b) => a.spreadMs - b.spreadMs)
    .slice(0, MOST_HEADS);
  for (const { layer, head, lagMs, spreadMs } of steady)
    console.log(`layer ${layer} head ${head}: ${lagMs.toFixed(0)} ms behind the onset, half within ${spreadMs.toFixed(0)} ms`);
  const published = new Set(
    JSON.parse(readFileSync(join(folder, 'generation_config.json'), 'utf8')).alignment_heads?.map(String),
  );
  const usual = all.filter(({ layer, head }) => published.has(`${layer},${head}`));
  if (usual.length > 0) {
    const lags = usual.map(({ lagMs }) => lagMs).sort((one, other) => one - other);
    const middle = lags[Math.floor(lags.length / 2)].toFixed(0);
    console.log(`published heads: ${middle} ms behind the onset (median)`);
  }
  if (steady.length > 0)
    known.onsetHeads = steady.map(({ layer, head, lagMs }) => ({ layer, head, lagMs: Math.round(lagMs) }));
  if (options.dump) writeFileSync(`${options.dump}.heads.json`, JSON.stringify(all));
}
const words = await hearWords();
if (options.dump) writeFileSync(options.dump, JSON.stringify(words));
known.confidence = fitConfidence(words);
console.log(`${words.length} words, ${words.filter(({ correct }) => correct).length} right`);
console.log(JSON.stringify(known));
entry.words = known;
writeFileSync(CATALOGUE, `${JSON.stringify(catalogue, null, 2)}\n`);
process.exit(0); // the runtime's wasm keeps Node alive
