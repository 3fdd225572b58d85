// npm run verify-model -- ID: downloads a published model from the hub, as a user does, and shows
// what each backend makes of the self-test clip, and of recordings of one's own. MODEL_HUB is the hub.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { wordErrorRate } from '../../lib/engine/runtime/word-error-rate';
import type { Backend, SelfTestResult } from '../../lib/engine/types';
import { withServedApp } from '../app/server';
import { openApp, ready } from '../browser/app-browser';
import { checkModel, downloadModel, offerOf, openModel, warningsOf } from '../browser/models-page';
import { readCatalogue } from '../catalogue/catalogue';
import { type OfferedModel, withWantedModel } from '../catalogue/wanted-model';
import { messageOf, PlainError } from '../command/errors';
import { throwIfInterrupted } from '../command/interrupt';
import { main } from '../command/main';
import { type Command, readCommand } from '../command/options';
import { tableLines } from '../command/table';
import { readManifest, type Utterance } from '../wer/manifest';
import { type OutcomeScores, scoreOutcomes } from '../wer/score';
import { transcribeAll } from '../wer/transcribe';

/** For the hub's list of a repository's files, when something is wrong with them. */
const LIST_MS = 30_000;

/** How a backend did, which the model may have no files for. */
type BackendCheck = Omit<SelfTestResult, 'outcome'> & {
  outcome: SelfTestResult['outcome'] | 'not offered';
};

/** How a model did. */
interface Verified {
  trials: BackendCheck[];
  /** Of the recordings; `null`: they were not transcribed. */
  scores: OutcomeScores | null;
}

/**
 * Downloads a model for one backend in a browser profile of its own, runs the self-test clip, and
 * when that is right the recordings. What fails is in the trial's detail.
 * @param url of the served app
 */
async function verifyBackend(
  url: string,
  model: OfferedModel,
  backend: Backend,
  utterances: readonly Utterance[],
): Promise<Verified> {
  const none = (outcome: BackendCheck['outcome'], detail: string): Verified => ({
    trials: [{ backend, outcome, loadMs: null, runMs: null, detail }],
    scores: null,
  });
  const { context, page, close } = await openApp(url, { backend });
  const failed = failedRequests(context, url);
  const warnings = warningsOf(page);
  try {
    if (backend === 'webgpu') {
      const gpu = await gpuName(page);
      if (gpu === null) return none('unavailable', 'WebGPU finds no graphics adapter here');
      console.log(`  graphics adapter: ${gpu}`);
    }
    const found = await openModel(page, url, model);
    const offer = await offerOf(found.item, backend);
    if (offer === 'not-offered') return none('not offered', 'the model has no files for it');
    if (offer === 'unusable') return none('unavailable', 'the adapter lacks what the files need');
    await downloadModel(page, found.item);
    const trials = await checkModel(page, found, warnings);
    for (const { runs = [], asPublished } of trials) {
      for (const { part, by, reason } of runs)
        console.log(`  ${part}: ${by}${reason === null ? '' : ` (${reason})`}`);
      if (asPublished !== undefined) console.log(`  graphs as published, since: ${asPublished}`);
    }
    const isRight = trials.every(({ outcome }) => outcome === 'right');
    if (!isRight || utterances.length === 0) return { trials, scores: null };
    await ready(page, url);
    const { outcomes } = await transcribeAll(page, utterances);
    return { trials, scores: scoreOutcomes(outcomes) };
  } catch (error) {
    throwIfInterrupted();
    for (const [address, what] of failed) console.log(`  ${address}: ${what}`);
    const warning = await warnings.at(-1);
    if (warning) console.log(`  ${warning.code}: ${warning.message}`);
    for (const path of await missingFiles(page, model, backend))
      console.log(`  ${path}: not in the repository`);
    const [reason = ''] = messageOf(error).split('\n');
    return none('failed', reason);
  } finally {
    await close();
  }
}

/** What WebGPU runs on in this browser; `null`: on nothing. */
function gpuName(page: Page): Promise<string | null> {
  return page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return null;
    const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
    const name = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed';
    return isFallbackAdapter ? `${name} (software)` : name;
  });
}

/** Requests to other hosts that failed: each address once, with what was last said. */
function failedRequests(context: BrowserContext, url: string): Map<string, string> {
  const failed = new Map<string, string>();
  const note = (address: string, what: string) => {
    if (new URL(address).origin !== new URL(url).origin) failed.set(address, what);
  };
  context.on('response', (answer) => {
    if (answer.status() >= 400) note(answer.url(), String(answer.status()));
  });
  context.on('requestfailed', (request) => {
    const { errorText } = request.failure() ?? { errorText: '' };
    // the page itself ends what it needs no more
    if (errorText !== 'net::ERR_ABORTED') note(request.url(), errorText);
  });
  return failed;
}

/** Files of a listed model that its repository does not have: the catalogue may be wrong. */
async function missingFiles(
  page: Page,
  { treeUrl, paths }: OfferedModel,
  backend: Backend,
): Promise<string[]> {
  const wanted = paths[backend] ?? [];
  if (wanted.length === 0) return [];
  const ask = async ([address, ms]: readonly [string, number]) => {
    const response = await fetch(address, { signal: AbortSignal.timeout(ms) });
    if (!response.ok) return null;
    const files: { path: string }[] = await response.json();
    return files.map(({ path }) => path);
  };
  // a hub that does not answer, or a page that is gone, was reported already
  const listed = await page.evaluate(ask, [treeUrl, LIST_MS] as const).catch(() => null);
  return listed ? wanted.filter((path) => !listed.includes(path)) : [];
}

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
