// Word error rates and real-time factors of the embedded model in Node, one thread:
//   node tools/run.mjs training/evaluate.ts MANIFEST.jsonl [--backend wasm|webgpu] [--limit N]
//     [--network FILE] [--hot-words FILE] [--dump FOLDER] [--json FILE] [--set NAME=VALUE]
// Lines of the manifest: {"audio": path from the manifest's folder, "text"}. `webgpu` takes that
// backend's fp32 network, on the CPU; `--network` another one of the same kind. `--limit` takes N recordings, evenly spread. `--hot-words`
// gives the search a user's vocabulary, one phrase a line. `--set` changes a setting of the search.
// `--dump` writes the network's scores and the words found: `decoder.py --compare FOLDER` then
// holds every word and frame against the reference search.
// Whole recordings, no segmenter: `npm run wer` measures the app itself.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BeamSearch } from '../lib/engine/search/beam-search';
import { HotWordReader } from '../lib/engine/search/hot-words';
import { LanguageModel } from '../lib/engine/search/language-model';
import { buildLexicon } from '../lib/engine/search/lexicon-build';
import { wordErrorRate } from '../lib/engine/runtime/word-error-rate';
import { ctcSearchSchema } from '../lib/catalogue/catalogue';
import { readRecording } from '../tools/audio/recordings';
import * as node from './node-model';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string', default: 'wasm' },
    limit: { type: 'string' },
    'hot-words': { type: 'string' },
    network: { type: 'string' },
    dump: { type: 'string' },
    json: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
  },
});
const [manifest = ''] = positionals;
const backend = options.backend === 'webgpu' ? 'webgpu' : 'wasm';

const model = node.readModel();
const run = await node.openNetwork(options.network ?? node.networkOf(model, backend));
const units = model.vocabulary.phones.length;
const changes = options.set.map((pair): [string, number] => {
  const [name = '', value] = pair.split('=');
  if (!(name in model.entry.search)) throw new Error(`The search has no setting "${name}".`);
  return [name, Number(value)];
});
const settings = ctcSearchSchema.parse({ ...model.entry.search, ...Object.fromEntries(changes) });
const from = performance.now();
const languageModel = new LanguageModel(model.languageModel);
const lexicon = buildLexicon(languageModel, units);
const built = performance.now();
const phrases = options['hot-words'] ? node.readLines(options['hot-words']) : [];
const hotWords = await new HotWordReader(languageModel).read(phrases);
const read = performance.now();
const search = new BeamSearch(languageModel, lexicon, units, settings, hotWords);
const ready = performance.now();
const texts = [...languageModel.words, ...hotWords.added.map(({ written }) => written)];

const all = node.readManifest(manifest);
const count = Math.min(all.length, Number(options.limit ?? all.length));
const chosen = Array.from({ length: count }, (_, at) => all[Math.floor((at * all.length) / count)]);
const sum = { words: 0, errors: 0, audio: 0, network: 0, search: 0 };
const recordings: node.RecordingEntry[] = [];
const scores: Float32Array[] = [];
for (const line of chosen) {
  if (!line) continue;
  const pcm = readRecording(line.path);
  const start = performance.now();
  const logProbs = await run(pcm);
  const heard = performance.now();
  const frames = logProbs.length / units;
  const found = search.search(logProbs, frames);
  const done = performance.now();
  const words = found.map(({ word, frame }) => ({ word: texts[word], frame }));
  const wanted = line.text
    .toLowerCase()
    .replace(/[^a-z' ]/g, ' ')
    .trim()
    .split(/\s+/);
  const written = words.map(({ word }) => word).join(' ');
  sum.words += wanted.length;
  sum.errors += wordErrorRate(wanted.join(' '), written) * wanted.length;
  sum.audio += pcm.length / 16;
  sum.network += heard - start;
  sum.search += done - heard;
  if (!options.dump) continue;
  recordings.push({ name: line.audio, frames, hotWords: 0, words });
  scores.push(logProbs);
}
if (options.dump)
  node.writeRecordings(
    options.dump,
    { units, search: settings, hotWords: [node.plainHotWords(hotWords)], recordings },
    scores,
  );
if (options.json)
  writeFileSync(
    options.json,
    `${JSON.stringify({ wer: (100 * sum.errors) / sum.words, words: sum.words, utterances: count })}\n`,
  );
const rtf = (ms: number) => (ms / sum.audio).toFixed(5);
const inMs = (duration: number) => `${duration.toFixed(0)} ms`;
console.log(`${count} recordings, ${(sum.audio / 1000).toFixed(0)} s, network of ${backend}`);
console.log(`WER ${((100 * sum.errors) / sum.words).toFixed(2)} % of ${sum.words} words`);
console.log(`language model and tree ${inMs(built - from)}`);
if (phrases.length > 0)
  console.log(
    `${phrases.length} phrases: ${hotWords.added.length} words pronounced in ` +
      `${inMs(read - built)}, search made in ${inMs(ready - read)}`,
  );
console.log(`real-time factors: network ${rtf(sum.network)}, search ${rtf(sum.search)}`);
process.exit(0); // the runtime's wasm keeps Node alive
