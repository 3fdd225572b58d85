// Word error rates and real-time factors of the embedded model in Node, one thread:
//   node training/evaluate.mjs MANIFEST.jsonl [--backend wasm|webgpu] [--limit N]
//     [--hot-words FILE] [--dump FOLDER] [--set NAME=VALUE]
// Lines of the manifest: {"audio": path from the manifest's folder, "text"}. `webgpu` takes that
// backend's fp32 network, on the CPU. `--limit` takes N recordings, evenly spread. `--hot-words`
// gives the search a user's vocabulary, one phrase a line. `--set` changes a setting of the search.
// `--dump` writes the network's scores and the words found: `decoder.py --compare FOLDER` then
// holds every word and frame against the reference search.
// Whole recordings, no segmenter: `npm run wer` measures the app itself.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import * as node from './node-model.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string', default: 'wasm' },
    limit: { type: 'string' },
    'hot-words': { type: 'string' },
    dump: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
  },
});
const [manifest] = positionals;
const lines = (path) => readFileSync(path, 'utf8').split('\n').filter(Boolean);

const app = await node.importApp();
const model = node.readModel();
const run = await node.openNetwork(model, options.backend);
const units = model.vocabulary.phones.length;
const settings = { ...model.entry.search };
for (const [name, value] of options.set.map((pair) => pair.split('='))) {
  if (!(name in settings)) throw new Error(`The search has no setting "${name}".`);
  settings[name] = Number(value);
}
const from = performance.now();
const languageModel = new app.LanguageModel(model.languageModel);
const lexicon = app.buildLexicon(languageModel, units);
const built = performance.now();
const phrases = options['hot-words'] ? lines(options['hot-words']) : [];
const hotWords = new app.HotWordReader(languageModel).read(phrases);
const read = performance.now();
const search = new app.BeamSearch(languageModel, lexicon, units, settings, hotWords);
const ready = performance.now();
const texts = [...languageModel.words, ...hotWords.added.map(({ written }) => written)];

const all = lines(manifest).map((line) => JSON.parse(line));
const count = Math.min(all.length, Number(options.limit ?? all.length));
const sum = { words: 0, errors: 0, audio: 0, network: 0, search: 0 };
const recordings = [];
const scores = [];
for (let index = 0; index < count; index++) {
  const { audio, text } = all[Math.floor((index * all.length) / count)];
  const pcm = node.decode(join(dirname(manifest), audio));
  const start = performance.now();
  const logProbs = await run(pcm);
  const heard = performance.now();
  const found = search.search(logProbs, logProbs.length / units);
  const done = performance.now();
  const words = found.map(({ word, frame }) => ({ word: texts[word], frame }));
  const wanted = text.toLowerCase().replace(/[^a-z' ]/g, ' ').trim().split(/\s+/);
  const written = words.map(({ word }) => word).join(' ');
  sum.words += wanted.length;
  sum.errors += app.wordErrorRate(wanted.join(' '), written) * wanted.length;
  sum.audio += pcm.length / 16;
  sum.network += heard - start;
  sum.search += done - heard;
  if (!options.dump) continue;
  recordings.push({ name: audio, frames: logProbs.length / units, hotWords: 0, words });
  scores.push(logProbs);
}
if (options.dump)
  node.writeRecordings(
    options.dump,
    { units, search: settings, hotWords: [node.plainHotWords(hotWords)], recordings },
    scores,
  );
const rtf = (ms) => (ms / sum.audio).toFixed(5);
const ms = (duration) => `${duration.toFixed(0)} ms`;
console.log(`${count} recordings, ${(sum.audio / 1000).toFixed(0)} s, network of ${options.backend}`);
console.log(`WER ${((100 * sum.errors) / sum.words).toFixed(2)} % of ${sum.words} words`);
console.log(`language model and tree ${ms(built - from)}`);
if (phrases.length > 0)
  console.log(
    `${phrases.length} phrases: ${hotWords.added.length} words pronounced in ` +
      `${ms(read - built)}, search made in ${ms(ready - read)}`,
  );
console.log(`real-time factors: network ${rtf(sum.network)}, search ${rtf(sum.search)}`);
process.exit(0); // the runtime's wasm keeps Node alive
