// npm run verify-model -- ID: downloads a published model from the hub, as a user does, and shows
// what each backend makes of the self-test clip, and of recordings of one's own. MODEL_HUB is the hub.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { wordErrorRate } from '../../lib/engine/runtime/word-error-rate';
import type { Backend } from '../../lib/engine/types';
import { withServedApp } from '../app/served-app';
import { readCatalogue } from '../catalogue/catalogue';
import { type OfferedModel, withWantedModel } from '../catalogue/wanted-model';
import { PlainError } from '../command/errors';
import { main } from '../command/main';
import { type Command, readCommand } from '../command/options';
import { tableLines } from '../command/table';
import { readManifest, type Utterance } from '../wer/manifest';
import type { OutcomeScores } from '../wer/score';
import { type BackendCheck, verifyBackend } from './verify-backend';

const BACKENDS = ['wasm', 'webgpu'] as const satisfies Backend[];

const COMMAND = {
  name: 'verify-model',
  text: 'downloads a published model and shows what each backend makes of a self-test clip',
  names: { name: 'ID|OWNER/NAME', text: 'a model of the catalogue, or a repository of the hub' },
  options: {
    backend: { value: 'NAME', text: 'tries one alone', choices: BACKENDS },
    manifest: { value: 'FILE.jsonl', text: 'recordings to transcribe with it as well' },
    limit: { value: 'N', least: 1, text: 'so many of them at most' },
    from: { value: 'FOLDER|ZIP', text: 'takes its files from here, without a network' },
  },
  notes: ['MODEL_HUB is the address of the hub.'],
} as const satisfies Command;

/** The recordings of a manifest, all of which are there. */
function readUtterances(manifest: string | undefined, limit: number | undefined): Utterance[] {
  if (!manifest) return [];
  const utterances = readManifest(resolve(manifest), limit);
  const missing = utterances.find(({ path }) => !existsSync(path));
  if (missing) throw new PlainError(`${manifest} names ${missing.path}, which is not there.`);
  return utterances;
}

/** The table's row for a self-test. @param expected what is said in the self-test clip */
function rowOf(
  { backend, outcome, loadMs, runMs, detail }: BackendCheck,
  isListed: boolean,
  expected: string,
): string[] {
  const ms = (value: number | null) => (value === null ? '-' : `${value.toFixed(0)} ms`);
  const isText = outcome === 'right' || outcome === 'wrong-text';
  const rate = isText ? `${(100 * wordErrorRate(expected, detail)).toFixed(0)} %` : '-';
  // of a repository outside the list nothing is expected but that it says something
  const shown = outcome === 'right' && !isListed ? 'says something' : outcome;
  return [backend, shown, ms(loadMs), ms(runMs), rate, detail];
}

/** @returns whether every recording was transcribed */
function printScores(
  backend: Backend,
  { utterances, referenceWords, wer, items }: OutcomeScores,
): boolean {
  const percent = `${(100 * wer).toFixed(2)} %`;
  console.log(`${backend}: ${utterances} recordings, ${referenceWords} words, WER ${percent}`);
  const failed = items.filter(({ error }) => error !== undefined);
  for (const { audio, error } of failed) console.log(`  failed: ${audio}: ${error}`);
  return failed.length === 0;
}

/** @returns whether every backend that the model has files for is right */
async function verifyAll(
  url: string,
  model: OfferedModel,
  name: string,
  backends: readonly Backend[],
  utterances: readonly Utterance[],
): Promise<boolean> {
  const expected = readCatalogue().models[0].knownClip.text;
  const results = [];
  for (const backend of backends) {
    console.log(`${name} on ${backend}…`);
    results.push({ backend, ...(await verifyBackend(url, model, backend, utterances)) });
  }
  console.log(`self-test clip: ${expected}`);
  const trials = results.flatMap((result) => result.trials);
  const rows = trials.map((trial) => rowOf(trial, model.id !== null, expected));
  const head = ['backend', 'outcome', 'load', 'run', 'WER', 'text or reason'];
  for (const line of tableLines(head, rows)) console.log(line);
  const read = results.map(({ backend, scores }) => !scores || printScores(backend, scores));
  const tried = trials.filter(({ outcome }) => outcome !== 'not offered');
  const isRight = tried.length > 0 && tried.every(({ outcome }) => outcome === 'right');
  return isRight && read.every(Boolean);
}

await main(async () => {
  const {
    values: { backend, manifest, limit, from },
    names: [name = ''],
  } = readCommand(COMMAND);
  const utterances = readUtterances(manifest, limit);
  const isRight = await withWantedModel(name, from, (model) =>
    withServedApp((url) => verifyAll(url, model, name, backend ? [backend] : BACKENDS, utterances)),
  );
  if (!isRight) process.exitCode = 1;
});
