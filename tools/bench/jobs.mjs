// Steps that several benchmarks share.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { silentWav } from '../audio/wav.mjs';
import { addFiles, openApp, ready, waitForJobs } from '../browser/app-browser.mjs';

/** The app with its model loaded once and its backend chosen: what a returning user has. */
export async function openWarmApp(url, choice) {
  const app = await openApp(url, choice);
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-warm-'));
  try {
    writeFileSync(join(folder, 'warm-up.wav'), silentWav(1));
    await addFiles(app.page, [join(folder, 'warm-up.wav')]);
    await waitForJobs(app.page, ['warm-up.wav']);
    // what a first visit keeps for later is kept: a returning user does not wait for it
    await app.page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await ready(app.page, url);
    return app;
  } catch (error) {
    await app.close();
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Sends one file through the app.
 * @returns the job as stored, and the seconds from giving the file to its end
 * @throws {Error} when the job fails
 */
export async function runFile(page, path, options) {
  const name = basename(path);
  const startedMs = performance.now();
  await addFiles(page, [path]);
  const [job] = await waitForJobs(page, [name], options);
  const seconds = (performance.now() - startedMs) / 1000;
  if (job?.state !== 'done') throw new Error(`${name}: ${job?.error ?? 'no job was made'}`);
  return { job, seconds, audioSeconds: (job.durationMs ?? 0) / 1000 };
}

/** A figure as `bench --json` writes it. */
export function figure(name, metric, value, unit, better, target = null) {
  return { name, metric, value, unit, better, target, peer: null };
}

/** A figure that could not be measured; of a longer reason its first line is told. */
export function missing(name, metric, unit, better, target, reason) {
  return { ...figure(name, metric, null, unit, better, target), reason: reason.split('\n')[0] };
}
