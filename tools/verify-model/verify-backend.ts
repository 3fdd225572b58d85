import type { BrowserContext, Page } from '@playwright/test';
import type { Backend, SelfTestResult } from '../../lib/engine/types';
import { openApp, ready } from '../browser/app-browser';
import { checkModel, downloadModel, offerOf, openModel, warningsOf } from '../browser/models-page';
import type { OfferedModel } from '../catalogue/wanted-model';
import { messageOf } from '../command/errors';
import { throwIfInterrupted } from '../command/interrupt';
import type { Utterance } from '../wer/manifest';
import { type OutcomeScores, scoreOutcomes } from '../wer/score';
import { transcribeAll } from '../wer/transcribe';

/** For the hub's list of a repository's files, when something is wrong with them. */
const LIST_MS = 30_000;

/** How a backend did, which the model may have no files for. */
export type BackendCheck = Omit<SelfTestResult, 'outcome'> & {
  outcome: SelfTestResult['outcome'] | 'not offered';
};

/** How a model did. */
export interface Verified {
  trials: BackendCheck[];
  /** Of the recordings; `null`: they were not transcribed. */
  scores: OutcomeScores | null;
}

/**
 * Downloads a model for one backend in a browser profile of its own, runs the self-test clip, and
 * when that is right the recordings. What fails is in the trial's detail.
 * @param url of the served app
 */
export async function verifyBackend(
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
