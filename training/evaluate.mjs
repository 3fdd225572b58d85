// Word error rates and real-time factors of the embedded model in Node, one thread:
//   node training/evaluate.mjs MANIFEST.jsonl [wasm|webgpu] [--reference]
// Lines of the manifest: {"audio": path from the manifest's folder, "text"}. `webgpu` takes that
// backend's fp32 network, on the CPU. `--reference` runs the reference search too and compares
// every word and frame. Whole recordings, no segmenter: `npm run wer` measures the app itself.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { decode, inProject, openNetwork, readModel, referenceOf } from './node-model.mjs';

/** The app's own modules, compiled for Node. */
async function importApp(paths) {
  const folder = mkdtempSync(join(tmpdir(), 'evaluate-'));
  const input = Object.fromEntries(paths.map((path, index) => [`m${index}`, inProject(path)]));
  await build({
    configFile: false,
    logLevel: 'error',
    build: { outDir: folder, target: 'node20', minify: false, lib: { entry: input, formats: ['es'] } },
  });
  const modules = await Promise.all(
    paths.map((_, index) => import(pathToFileURL(join(folder, `m${index}.js`)).href)),
  );
  rmSync(folder, { recursive: true });
  return Object.assign({}, ...modules);
}

const [manifest, ...flags] = process.argv.slice(2);
const backend = flags.includes('webgpu') ? 'webgpu' : 'wasm';
const app = await importApp([
  'lib/asr/ctc/beam-search.ts',
  'lib/asr/ctc/language-model.ts',
  'lib/asr/ctc/lexicon.ts',
  'lib/asr/word-error-rate.ts',
]);
const model = readModel();
const run = await openNetwork(model, backend);
const units = model.vocabulary.phones.length;
const from = performance.now();
const languageModel = new app.LanguageModel(model.languageModel);
const lexicon = app.buildLexicon(languageModel, model.vocabulary.phones);
const buildMs = performance.now() - from;
const search = new app.BeamSearch(languageModel, lexicon, units, model.entry.search);
const reference = flags.includes('--reference') ? referenceOf(model) : null;

const sum = { recordings: 0, words: 0, errors: 0, audio: 0, network: 0, search: 0, reference: 0 };
let same = 0;
for (const line of readFileSync(manifest, 'utf8').split('\n').filter(Boolean)) {
  const { audio, text } = JSON.parse(line);
  const pcm = decode(join(dirname(manifest), audio));
  const start = performance.now();
  const logProbs = await run(pcm);
  const heard = performance.now();
  const found = search.search(logProbs, logProbs.length / units);
  const done = performance.now();
  const words = found.map(({ word, frame }) => ({ word: languageModel.words[word], frame }));
  const wanted = text.toLowerCase().replace(/[^a-z' ]/g, ' ').trim().split(/\s+/);
  const written = words.map(({ word }) => word).join(' ');
  sum.recordings += 1;
  sum.words += wanted.length;
  sum.errors += app.wordErrorRate(wanted.join(' '), written) * wanted.length;
  sum.audio += pcm.length / 16;
  sum.network += heard - start;
  sum.search += done - heard;
  if (!reference) continue;
  const again = performance.now();
  const expected = reference.search(logProbs, units);
  sum.reference += performance.now() - again;
  if (JSON.stringify(expected) === JSON.stringify(words)) same += 1;
  else console.log('differs:', audio, expected, words);
}
const rtf = (ms) => (ms / sum.audio).toFixed(5);
console.log(`${sum.recordings} recordings, ${(sum.audio / 1000).toFixed(0)} s, network of ${backend}`);
console.log(`WER ${((100 * sum.errors) / sum.words).toFixed(2)} % of ${sum.words} words`);
console.log(`language model and tree ${buildMs.toFixed(0)} ms`);
console.log(`real-time factors: network ${rtf(sum.network)}, search ${rtf(sum.search)}`);
if (reference)
  console.log(
    `reference search ${rtf(sum.reference)}, ${(sum.reference / sum.search).toFixed(1)} times as ` +
      `long; ${same} of ${sum.recordings} with the same words at the same frames`,
  );
process.exit(0); // the runtime's wasm keeps Node alive
