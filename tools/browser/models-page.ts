// The page of speech models, used as a user does.
import type { Locator, Page } from '@playwright/test';
import type { Backend, SelfTestResult } from '../../lib/engine/types';
import type { WantedModel } from '../catalogue/catalogue';
import { PlainError } from '../command/errors';
import { ready } from './app-browser';
import { readSetting } from './stored';

/** The page asks a hub that does not answer several times before it gives up. */
const ADD_MS = 300_000;
/** A download that stands still for this long has failed; the page itself gives up earlier. */
const IDLE_MS = 300_000;
/** The page gives the two runs of the self-test clip 300 s. */
const CHECK_MS = 360_000;
/** Until the page has asked for a GPU. */
const GPU_MS = 20_000;
/** Between looks at the page, and between lines about what takes long. */
const POLL_MS = 500;
const TELL_MS = 10_000;

/** How an error reports a backend that did not pass. */
const TOLD_TRIAL = /^(wrong-text|unavailable|failed): (.*)$/s;

/** Backends as the page names them. */
const NAMES = { wasm: 'WASM', webgpu: 'WebGPU' };

/** An error as the page warns of it. */
export interface PageWarning {
  code: string;
  message: string;
  details: Readonly<Record<string, unknown>>;
}

/** Warnings so far, oldest first; `null`: it was none of an error, or the page is gone. */
export type PageWarnings = readonly Promise<PageWarning | null>[];

/** A model on the page. */
export interface ShownModel {
  id: string;
  item: Locator;
}

/** The errors that the page logs, as they come: they say more than what people see. */
export function warningsOf(page: Page): PageWarnings {
  const warnings: Promise<PageWarning | null>[] = [];
  page.on('console', (line) => {
    const error = line.type() === 'warning' ? line.args()[1] : undefined;
    if (!error) return;
    const read = error.evaluate((thrown: unknown) => {
      if (!(thrown instanceof Error) || !('code' in thrown)) return null;
      const details = 'details' in thrown && typeof thrown.details === 'object' && thrown.details;
      return { code: String(thrown.code), message: thrown.message, details: { ...details } };
    });
    // the page may be gone by now
    warnings.push(read.catch(() => null));
  });
  return warnings;
}

/** How something is waited for. */
interface Waiting {
  limitMs: number;
  /** What the page does meanwhile. */
  doing: string;
  /** The message when time is up. */
  late: string;
  /** Time restarts whenever this changes. */
  progress?: () => Promise<string>;
}

/** Looks until there is something, and reports now and then how long that takes. */
async function until<T>(
  page: Page,
  look: () => Promise<T | null>,
  { limitMs, doing, late, progress }: Waiting,
): Promise<T> {
  let movedMs = Date.now();
  let toldMs = 0;
  let shown = '';
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
    if (line !== shown && Date.now() - toldMs >= TELL_MS) {
      console.log(`  ${line}`);
      shown = line;
      toldMs = Date.now();
    }
    await page.waitForTimeout(POLL_MS);
  }
}

/** What an element says; `null` while it is not there. */
async function textOf(locator: Locator): Promise<string | null> {
  const [text] = await locator.allInnerTexts();
  return text === undefined ? null : text.replace(/\s+/g, ' ').trim();
}

/** The words of an alert, without those of its button. */
const alertOf = (place: Locator) => textOf(place.getByRole('alert').locator('p').first());

/**
 * Opens the page and finds a model there; one that the catalogue does not list is added.
 * @throws {PlainError} what the page says of a repository that cannot be added
 */
export async function openModel(
  page: Page,
  url: string,
  { id, repository }: Pick<WantedModel, 'id' | 'repository'>,
): Promise<ShownModel> {
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
 * @returns `unusable`: not on this machine
 */
export async function offerOf(
  item: Locator,
  backend: Backend,
): Promise<'offered' | 'not-offered' | 'unusable'> {
  // it stands under "More about it", which is closed
  const facts = (await item.locator('dl').textContent()) ?? '';
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
    if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error;
    return 'unusable';
  }
}

/** Downloads the model. @throws {PlainError} what the page says when it fails */
export async function downloadModel(page: Page, item: Locator): Promise<void> {
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
 * Selects the model, so that it is run on the self-test clip.
 * @param warnings of the page
 * @returns how each backend did
 * @throws {PlainError} when it could not be run at all
 */
export async function checkModel(
  page: Page,
  { id, item }: ShownModel,
  warnings: PageWarnings,
): Promise<SelfTestResult[]> {
  await item.getByRole('button', { name: 'Use', exact: true }).click();
  const look = async () => {
    const choice = (await readSetting(page, 'backendChoices'))?.[id];
    if (choice) return choice.trials;
    const problem = await alertOf(item);
    if (problem === null) return null;
    // users read no more than that a text was wrong
    const trials = selfTestsOf((await warnings.at(-1))?.details ?? {});
    if (trials.length === 0) throw new PlainError(problem);
    return trials;
  };
  const late = `The self-test clip was not done after ${CHECK_MS / 1000} s.`;
  return until(page, look, { limitMs: CHECK_MS, doing: 'Running the self-test clip', late });
}

/**
 * Downloads a model, puts it to use, and goes back to the start page.
 * @param url of the served app
 * @param backend the one it is to run on
 * @throws {PlainError} it cannot be had or used here
 */
export async function installModel(
  page: Page,
  url: string,
  model: WantedModel,
  backend: Backend = 'wasm',
): Promise<void> {
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

/** The self-tests that an error lists when no backend passed, without times. */
function selfTestsOf(details: PageWarning['details']): SelfTestResult[] {
  return (['wasm', 'webgpu'] as const).flatMap((backend) => {
    const [, outcome, detail = ''] = TOLD_TRIAL.exec(String(details[backend])) ?? [];
    return outcome === 'wrong-text' || outcome === 'unavailable' || outcome === 'failed'
      ? [{ backend, outcome, loadMs: null, runMs: null, detail }]
      : [];
  });
}
