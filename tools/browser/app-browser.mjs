// The app in a headless Chromium with a profile of its own, and what scripts do with it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onInterrupt, throwIfInterrupted } from '../command/interrupt.mjs';
import { CHROMIUM_ARGS, findChromium } from './chromium.mjs';

/** Time for the page to load and read its store. */
const READY_MS = 60_000;

/** How often the store is asked how far the jobs are. */
const POLL_MS = 250;

/** Backends that need no GPU run without one; `webgpu` may use a software adapter. */
const WEBGPU_ARGS = ['--enable-unsafe-webgpu'];

/**
 * Starts Chromium with a new profile on disk: a private window would keep every stored file in
 * memory.
 * @param {string} url of the served app
 * @param {{backend?: 'wasm' | 'webgpu', modelId?: string, vocabulary?: string[],
 *   microphone?: string}} [choice] settings to
 *   start with; `microphone`: a WAV file that a fake one plays again and again, without asking
 */
export async function openApp(url, choice = {}) {
  const { chromium } = await import('@playwright/test');
  const executablePath = await findChromium();
  const forget = onInterrupt(close);
  const profile = mkdtempSync(join(tmpdir(), 'ai2text-profile-'));
  const launching = chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [
      ...CHROMIUM_ARGS,
      ...(choice.backend === 'webgpu' ? WEBGPU_ARGS : []),
      ...(choice.microphone ? fakeMicrophone(choice.microphone) : []),
    ],
    // theirs would end the command before the profile is gone
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  let closing = null;
  function close() {
    closing ??= (async () => {
      try {
        await (await launching).close();
      } finally {
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
        forget();
      }
    })();
    return closing;
  }
  try {
    const context = await launching;
    const page = context.pages()[0] ?? (await context.newPage());
    await ready(page, url);
    const { backend, modelId, vocabulary } = choice;
    const settings = { backend, modelId, vocabulary };
    if (await storeSettings(page, settings)) await ready(page, url);
    // else the first recordings would be Draft's
    await page.locator('html[data-model]').waitFor({ state: 'attached', timeout: READY_MS });
    return { context, page, profile, version: context.browser()?.version() ?? null, close };
  } catch (error) {
    await close();
    throwIfInterrupted();
    throw error;
  }
}

/** Flags for a microphone that plays a WAV file and for a browser that lets every page have it. */
function fakeMicrophone(path) {
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-audio-capture=${path}`,
  ];
}

/** Loads the start page and waits until it takes files. */
export async function ready(page, url) {
  await page.goto(url);
  await page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: READY_MS });
}

/** Gives files to the page as a user does. @param {string[]} paths */
export async function addFiles(page, paths) {
  await page.getByLabel('Choose audio or video files').setInputFiles(paths);
}

/**
 * What the page has stored, in the app's own database: the one place that knows its shape.
 * @returns {Promise<{id: string, fileName: string, state: 'queued' | 'paused' | 'failed' | 'done',
 *   error: string | null, doneMs: number, durationMs: number | null,
 *   stats: Record<string, number | null>, model: {id: string, backend: string} | null,
 *   text: string}[]>}
 */
function readJobs(page) {
  return page.evaluate(async () => {
    const asked = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await asked(indexedDB.open('ai2text'));
    try {
      const stores = db.transaction(['jobs', 'transcripts', 'segments']);
      const all = (name) => asked(stores.objectStore(name).getAll());
      const [jobs, transcripts, segments] = await Promise.all(
        ['jobs', 'transcripts', 'segments'].map(all),
      );
      const models = new Map(transcripts.map(({ id, model }) => [id, model]));
      // keys of segments are [transcript, index], so each transcript's come in order
      const texts = new Map();
      for (const { transcriptId, text } of segments)
        texts.set(transcriptId, [...(texts.get(transcriptId) ?? []), text]);
      return jobs.map(({ id, fileName, intent, error, doneMs, durationMs, stats }) => ({
        id,
        fileName,
        state: intent,
        error: error && `${error.code}: ${error.message}`,
        doneMs,
        durationMs,
        stats,
        model: models.get(id) ?? null,
        text: (texts.get(id) ?? []).join(' '),
      }));
    } finally {
      db.close();
    }
  });
}

/**
 * Waits until every job with one of these file names is done or failed.
 * @param {Iterable<string>} fileNames
 * @param {{onPoll?: (jobs: Awaited<ReturnType<typeof readJobs>>) => void | Promise<void>,
 *   idleMs?: number}} [options] `idleMs`: gives up when nothing moves for so long
 * @returns {ReturnType<typeof readJobs>} those jobs
 */
export async function waitForJobs(page, fileNames, { onPoll, idleMs = 300_000 } = {}) {
  const wanted = new Set(fileNames);
  let seen = '';
  let movedMs = Date.now();
  for (;;) {
    const jobs = (await readJobs(page)).filter((job) => wanted.has(job.fileName));
    await onPoll?.(jobs);
    const open = jobs.filter(({ state }) => state !== 'done' && state !== 'failed');
    if (jobs.length === wanted.size && open.length === 0) return jobs;
    const now = JSON.stringify(
      jobs.map(({ fileName, state, doneMs }) => [fileName, state, doneMs]),
    );
    if (now !== seen) {
      seen = now;
      movedMs = Date.now();
    } else if (Date.now() - movedMs > idleMs) {
      const names = open.map(({ fileName }) => fileName).join(', ') || 'the files';
      throw new Error(`Nothing moved for ${idleMs / 1000} s while waiting for ${names}.`);
    }
    await page.waitForTimeout(POLL_MS);
  }
}

/**
 * The words of transcripts, in order.
 * @param {string[]} ids of jobs, which are those of their transcripts
 * @returns {Promise<Record<string, {text: string, startMs: number, endMs: number,
 *   confidence: number}[]>>} by id
 */
export function readWords(page, ids) {
  return page.evaluate(async (wanted) => {
    const asked = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await asked(indexedDB.open('ai2text'));
    try {
      const store = db.transaction('words').objectStore('words');
      const rowsOf = (id) => asked(store.getAll(IDBKeyRange.bound([id], [id, []])));
      const all = await Promise.all(
        wanted.map(async (id) => [id, (await rowsOf(id)).flatMap(({ words }) => words)]),
      );
      return Object.fromEntries(all);
    } finally {
      db.close();
    }
  }, ids);
}

/** One setting as it is stored; `null` when it is not. @returns {Promise<any>} */
export function readSetting(page, name) {
  return page.evaluate(async (wanted) => {
    const asked = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await asked(indexedDB.open('ai2text'));
    try {
      const record = await asked(db.transaction('settings').objectStore('settings').get(wanted));
      return record?.value ?? null;
    } finally {
      db.close();
    }
  }, name);
}

/** Stores settings that are given. @returns {Promise<boolean>} whether there were any */
async function storeSettings(page, settings) {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  if (given.length === 0) return false;
  await page.evaluate(async (entries) => {
    const asked = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await asked(indexedDB.open('ai2text'));
    const store = db.transaction('settings', 'readwrite').objectStore('settings');
    for (const [name, value] of entries) await asked(store.put({ name, value }));
    db.close();
  }, given);
  return true;
}
