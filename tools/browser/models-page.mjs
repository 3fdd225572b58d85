// The page of speech models, used as a user does.
import { PlainError } from '../app/app.mjs';
import { readSetting, ready } from './app-browser.mjs';

/** The page asks a hub that does not answer several times before it gives up. */
const ADD_MS = 300_000;
/** A download that stands still for so long has failed; the page itself gives up earlier. */
const IDLE_MS = 300_000;
/** The page gives the two runs of the known clip 300 s. */
const CHECK_MS = 360_000;
/** Until the page has asked for a GPU. */
const GPU_MS = 20_000;
/** Between looks at the page, and between lines about what takes long. */
const POLL_MS = 500;
const TELL_MS = 10_000;

/** Backends as the page names them. */
const NAMES = { wasm: 'WASM', webgpu: 'WebGPU' };

/**
 * The errors that the page warns of, as they come: they say more than what it tells people.
 * @param {import('@playwright/test').Page} page
 * @returns {Promise<{code: string, message: string, details: object} | null>[]}
 */
export function warningsOf(page) {
  const warnings = [];
  page.on('console', (line) => {
    const error = line.type() === 'warning' ? line.args()[1] : undefined;
    if (!error) return;
    const read = error.evaluate((thrown) =>
      thrown instanceof Error && 'code' in thrown
        ? { code: thrown.code, message: thrown.message, details: thrown.details }
        : null,
    );
    // the page may be gone by now
    warnings.push(read.catch(() => null));
  });
  return warnings;
}

/**
 * Looks until there is something, and tells now and then how long that takes.
 * @template T
 * @param {() => Promise<T | null>} look
 * @param {{limitMs: number, doing: string, late: string, progress?: () => Promise<string>}} options
 *   `late`: what is said when time is up; `progress`: time starts anew whenever this changes
 * @returns {Promise<T>}
 */
async function until(page, look, { limitMs, doing, late, progress }) {
  let movedMs = Date.now();
  let toldMs = 0;
  let told = '';
  let seen = '';
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    const now = (await progress?.()) ?? '';
    if (now !== seen) movedMs = Date.now();
    seen = now;
    const standsMs = Date.now() - movedMs;
    if (standsMs > limitMs) throw new PlainError(late);
    const seconds = Math.floor(standsMs / TELL_MS) * (TELL_MS / 1000);
    const line =
      now && seconds > 0
        ? `${now}; nothing new for ${seconds} s`
        : now || `${doing} (${seconds} s)`;
    if (line !== told && Date.now() - toldMs >= TELL_MS) {
      console.log(`  ${line}`);
      told = line;
      toldMs = Date.now();
    }
    await page.waitForTimeout(POLL_MS);
  }
}

/** What an element says; `null` while it is not there. @returns {Promise<string | null>} */
async function textOf(locator) {
  const [text] = await locator.allInnerTexts();
  return text === undefined ? null : text.replace(/\s+/g, ' ').trim();
}

/** The words of an alert, without those of its button. */
const alertOf = (place) => textOf(place.getByRole('alert').locator('p').first());

/**
 * Opens the page and finds a model there; one that the catalogue does not list is added.
 * @param {{id: string | null, repository: string}} model
 * @returns {Promise<{id: string, item: import('@playwright/test').Locator}>}
 * @throws {PlainError} what the page says of a repository that cannot be added
 */
export async function openModel(page, url, { id, repository }) {
  await page.goto(new URL('/models', url).href);
  await page.locator('ul[aria-label="Models"][aria-busy="false"]').waitFor();
  const items = page.getByRole('list', { name: 'Models' }).getByRole('listitem');
  if (id !== null) return { id, item: items.and(page.locator(`[aria-labelledby="model-${id}"]`)) };

  const field = page.getByRole('textbox', { name: 'Repository' });
  await field.fill(repository);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const item = items.filter({ has: page.locator(`a[href$="/${repository}" i]`) });
  const said = page.locator('form').filter({ has: field }).getByRole('status');
  const look = async () => {
    if (await item.isVisible()) return item.getAttribute('aria-labelledby');
    if ((await field.getAttribute('aria-invalid')) === 'true')
      throw new PlainError(`${repository}: ${await textOf(said)}`);
    return null;
  };
  const late = `The page said nothing of ${repository} for ${ADD_MS / 1000} s.`;
  const label = await until(page, look, { limitMs: ADD_MS, doing: 'Asking the hub', late });
  return { id: label.replace(/^model-/, ''), item };
}

/**
 * Whether the model has files for a backend, and the page would download those.
 * @returns {Promise<'offered' | 'not-offered' | 'unusable'>} `unusable`: not on this machine
 */
export async function offerOf(item, backend) {
  // it stands under "More about it", which is closed
  const facts = await item.locator('dl').textContent();
  if (!facts.includes(`${NAMES[backend]}:`)) return 'not-offered';
  if (backend === 'wasm') return 'offered';
  // until the browser was asked for a GPU the page offers what runs without one
  const offered = facts.includes(`${NAMES.wasm}:`)
    ? item.getByRole('button', { name: /^For the processor instead/ })
    : item.getByRole('button', { name: 'Download', exact: true, disabled: false });
  try {
    await offered.waitFor({ timeout: GPU_MS });
    return 'offered';
  } catch (error) {
    if (error.name !== 'TimeoutError') throw error;
    return 'unusable';
  }
}

/** Downloads the model. @throws {PlainError} what the page says when it fails */
export async function downloadModel(page, item) {
  const use = item.getByRole('button', { name: 'Use', exact: true });
  const bar = item.getByRole('progressbar');
  await item.getByRole('button', { name: 'Download', exact: true }).click();
  const look = async () => {
    if (await use.isEnabled()) return true;
    const problem = await alertOf(item);
    if (problem !== null) throw new PlainError(problem);
    return null;
  };
  await until(page, look, {
    limitMs: IDLE_MS,
    doing: 'Waiting for the first bytes',
    late: `The download stood still for ${IDLE_MS / 1000} s.`,
    progress: async () =>
      (await bar.count()) > 0 ? ((await bar.first().getAttribute('aria-valuetext')) ?? '') : '',
  });
  console.log(`  downloaded: ${(await textOf(item.getByText('on this device')))?.split(' · ')[0]}`);
}

/**
 * Puts the model to use, so that it is run on the known clip.
 * @param {ReturnType<typeof warningsOf>} warnings of the page
 * @returns {Promise<{backend: string, outcome: string, loadMs: number | null,
 *   runMs: number | null, detail: string}[]>} how each backend did; `detail` is its text, or why
 *   there is none
 * @throws {PlainError} when it could not be run at all
 */
export async function checkModel(page, { id, item }, warnings) {
  await item.getByRole('button', { name: 'Use', exact: true }).click();
  const look = async () => {
    const choice = (await readSetting(page, 'backendChoices'))?.[id];
    if (choice) return choice.trials;
    const problem = await alertOf(item);
    if (problem === null) return null;
    // people are told no more than that a text was wrong
    const trials = trialsOf((await warnings.at(-1))?.details ?? {});
    if (trials.length === 0) throw new PlainError(problem);
    return trials;
  };
  const late = `The known clip was not done after ${CHECK_MS / 1000} s.`;
  return until(page, look, { limitMs: CHECK_MS, doing: 'Running the known clip', late });
}

/**
 * Downloads a model, puts it to use, and goes back to the start page.
 * @param {{page: import('@playwright/test').Page}} app
 * @param {string} url of the served app
 * @param {import('../catalogue/find-model.mjs').WantedModel} model
 * @param {'wasm' | 'webgpu'} [backend] the one it is to run on
 * @throws {PlainError} it cannot be had or used here
 */
export async function installModel({ page }, url, model, backend = 'wasm') {
  const warnings = warningsOf(page);
  const found = await openModel(page, url, model);
  if ((await offerOf(found.item, backend)) !== 'offered')
    throw new PlainError(`${model.repository} has nothing that runs on ${backend} here.`);
  await downloadModel(page, found.item);
  const trials = await checkModel(page, found, warnings);
  const trial = trials.find((one) => one.backend === backend);
  if (trial?.outcome !== 'right')
    throw new PlainError(`${model.repository} on ${backend}: ${trial?.outcome}, ${trial?.detail}`);
  await ready(page, url);
}

/** The trials that an error tells of when no backend passed; times are not among it. */
function trialsOf(details) {
  return Object.entries(details).flatMap(([backend, told]) => {
    const [, outcome, detail = ''] = /^(wrong-text|unavailable|failed): (.*)$/s.exec(told) ?? [];
    return outcome ? [{ backend, outcome, loadMs: null, runMs: null, detail }] : [];
  });
}
