import { openApp } from '../browser/app-browser.mjs';
import {
  checkModel,
  downloadModel,
  offerOf,
  openModel,
  warningsOf,
} from '../browser/models-page.mjs';
import { throwIfInterrupted } from '../command/interrupt.mjs';
import { transcribeManifest } from '../wer/transcribe-manifest.mjs';

/** For the hub's list of a repository's files, when something is wrong with them. */
const LIST_MS = 30_000;

/**
 * @typedef {object} Verified How a model did.
 * @property {Awaited<ReturnType<typeof checkModel>>} trials their outcome may also be `not offered`
 * @property {Awaited<ReturnType<typeof transcribeManifest>> | null} scores of the recordings
 */

/**
 * Downloads a model for one backend in a browser profile of its own, runs the known clip, and
 * when that is right the recordings. What fails is told in the trial's detail.
 * @param {string} url of the served app
 * @param {import('../catalogue/find-model.mjs').WantedModel & {treeUrl: string}} model
 * @param {'wasm' | 'webgpu'} backend
 * @param {Parameters<typeof transcribeManifest>[2]} utterances
 * @returns {Promise<Verified>}
 */
export async function verifyBackend(url, model, backend, utterances) {
  const none = (outcome, detail) => ({
    trials: [{ backend, outcome, loadMs: null, runMs: null, detail }],
    scores: null,
  });
  const app = await openApp(url, { backend });
  const { page } = app;
  const failed = failedRequests(app.context, url);
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
    const scores =
      isRight && utterances.length > 0 ? await transcribeManifest(page, url, utterances) : null;
    return { trials, scores };
  } catch (error) {
    throwIfInterrupted();
    for (const [address, what] of failed) console.log(`  ${address}: ${what}`);
    const warning = await warnings.at(-1);
    if (warning) console.log(`  ${warning.code}: ${warning.message}`);
    for (const path of await missingFiles(page, model, backend))
      console.log(`  ${path}: not in the repository`);
    return none('failed', error.message.split('\n')[0]);
  } finally {
    await app.close();
  }
}

/** What WebGPU runs on in this browser; `null`: on nothing. */
function gpuName(page) {
  return page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return null;
    const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
    const name = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed';
    return isFallbackAdapter ? `${name} (software)` : name;
  });
}

/** Requests to other hosts that failed: each address once, with what was last said. */
function failedRequests(context, url) {
  const failed = new Map();
  const note = (address, what) => {
    if (new URL(address).origin !== new URL(url).origin) failed.set(address, what);
  };
  context.on('response', (answer) => {
    if (answer.status() >= 400) note(answer.url(), answer.status());
  });
  context.on('requestfailed', (request) => {
    const { errorText = '' } = request.failure() ?? {};
    // the page itself ends what it needs no more
    if (errorText !== 'net::ERR_ABORTED') note(request.url(), errorText);
  });
  return failed;
}

/** Files of a listed model that its repository does not have: the catalogue may be wrong. */
async function missingFiles(page, { treeUrl, paths }, backend) {
  const wanted = paths[backend] ?? [];
  if (wanted.length === 0) return [];
  const ask = async ([address, ms]) => {
    const response = await fetch(address, { signal: AbortSignal.timeout(ms) });
    return response.ok ? (await response.json()).map(({ path }) => path) : null;
  };
  // a hub that does not answer, or a page that is gone, was told of already
  const listed = await page.evaluate(ask, [treeUrl, LIST_MS]).catch(() => null);
  return listed ? wanted.filter((path) => !listed.includes(path)) : [];
}
