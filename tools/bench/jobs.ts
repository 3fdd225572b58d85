// Steps that several benchmarks share.
import { basename } from 'node:path';
import type { Page } from '@playwright/test';
import { type AppBrowser, type AppChoice, addFiles, openApp, ready } from '../browser/app-browser';
import { type StoredJob, type WaitOptions, waitForJobs } from '../browser/stored';
import { warmUp } from '../wer/transcribe';

/** The app with its model loaded once and its backend chosen: what a returning user has. */
export async function openWarmApp(url: string, choice: AppChoice): Promise<AppBrowser> {
  const app = await openApp(url, choice);
  try {
    await warmUp(app.page);
    // what a first visit keeps for later is kept: a returning user does not wait for it
    await app.page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await ready(app.page, url);
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** One file that went through the app. */
export interface FileRun {
  job: StoredJob;
  /** From giving the file to its end. */
  seconds: number;
  audioSeconds: number;
}

/** Sends one file through the app. @throws {Error} when the job fails */
export async function runFile(page: Page, path: string, options?: WaitOptions): Promise<FileRun> {
  const name = basename(path);
  const startedMs = performance.now();
  await addFiles(page, [path]);
  const [job] = await waitForJobs(page, [name], options);
  const seconds = (performance.now() - startedMs) / 1000;
  if (job?.state !== 'done') throw new Error(`${name}: ${job?.error ?? 'no job was made'}`);
  return { job, seconds, audioSeconds: (job.durationMs ?? 0) / 1000 };
}
