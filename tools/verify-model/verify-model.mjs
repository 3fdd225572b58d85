// npm run verify-model -- ID: downloads a published model from the hub, as a user does, and shows
// what each backend makes of the known clip, and of recordings of one's own. MODEL_HUB is the hub.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ensureInstalled, main, PlainError } from '../app/app.mjs';
import { withServedApp } from '../app/served-app.mjs';
import { readCatalogue, withWantedModel } from '../catalogue/wanted-model.mjs';
import { readCommand } from '../command/options.mjs';
import { tableLines } from '../command/table.mjs';
import { importTypeScript } from '../command/typescript.mjs';
import { readManifest } from '../wer/manifest.mjs';
import { verifyBackend } from './verify-backend.mjs';

const BACKENDS = ['wasm', 'webgpu'];

const COMMAND = {
  name: 'verify-model',
  text: 'downloads a published model and shows what each backend makes of a known clip',
  names: { name: 'ID|OWNER/NAME', text: 'a model of the catalogue, or a repository of the hub' },
  options: {
    backend: { value: 'NAME', text: 'tries one alone', choices: BACKENDS },
    manifest: { value: 'FILE.jsonl', text: 'recordings to transcribe with it as well' },
    limit: { value: 'N', least: 1, text: 'so many of them at most' },
    from: { value: 'FOLDER|ZIP', text: 'takes its files from here, without a network' },
  },
  notes: ['MODEL_HUB is the address of the hub.'],
};

function readOptions() {
  const {
    values: { backend, ...rest },
    names: [name],
  } = readCommand(COMMAND);
  return { name, backends: backend ? [backend] : BACKENDS, ...rest };
}

/** The recordings of a manifest, all of which are there. */
function readUtterances({ manifest, limit }) {
  if (!manifest) return [];
  const utterances = readManifest(resolve(manifest), limit);
  const missing = utterances.find(({ path }) => !existsSync(path));
  if (missing) throw new PlainError(`${manifest} names ${missing.path}, which is not there.`);
  return utterances;
}

/** The table's row for a trial. */
function rowOf({ backend, outcome, loadMs, runMs, detail }, isListed, errorRate) {
  const ms = (value) => (value === null ? '-' : `${value.toFixed(0)} ms`);
  const isText = outcome === 'right' || outcome === 'wrong-text';
  const rate = isText ? `${(100 * errorRate(detail)).toFixed(0)} %` : '-';
  // of a repository outside the list nothing is expected but that it says something
  const shown = outcome === 'right' && !isListed ? 'says something' : outcome;
  return [backend, shown, ms(loadMs), ms(runMs), rate, detail];
}

/** @returns {boolean} whether every recording was transcribed */
function printScores(backend, { utterances, referenceWords, wer, items }) {
  const percent = `${(100 * wer).toFixed(2)} %`;
  console.log(`${backend}: ${utterances} recordings, ${referenceWords} words, WER ${percent}`);
  const failed = items.filter(({ error }) => error !== undefined);
  for (const { audio, error } of failed) console.log(`  failed: ${audio}: ${error}`);
  return failed.length === 0;
}

/** @returns {Promise<boolean>} whether every backend that the model has files for is right */
async function verifyAll(url, model, { name, backends, utterances, expected }) {
  const { wordErrorRate } = await importTypeScript('lib/asr/word-error-rate.ts');
  const results = [];
  for (const backend of backends) {
    console.log(`${name} on ${backend}…`);
    results.push({ backend, ...(await verifyBackend(url, model, backend, utterances)) });
  }
  console.log(`known clip: ${expected}`);
  const trials = results.flatMap((result) => result.trials);
  const errorRate = (text) => wordErrorRate(expected, text);
  const rows = trials.map((trial) => rowOf(trial, model.id !== null, errorRate));
  const head = ['backend', 'outcome', 'load', 'run', 'WER', 'text or reason'];
  for (const line of tableLines(head, rows)) console.log(line);
  const read = results.map(({ backend, scores }) => !scores || printScores(backend, scores));
  const tried = trials.filter(({ outcome }) => outcome !== 'not offered');
  const isRight = tried.length > 0 && tried.every(({ outcome }) => outcome === 'right');
  return isRight && read.every(Boolean);
}

await main(async () => {
  const command = readOptions();
  ensureInstalled();
  const utterances = readUtterances(command);
  const expected = readCatalogue().models[0].knownClip.text;
  const isRight = await withWantedModel(command.name, command.from, (model) =>
    withServedApp((url) => verifyAll(url, model, { ...command, utterances, expected })),
  );
  if (!isRight) process.exitCode = 1;
});
