import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Page } from '@playwright/test';
import type { ModelInfo, Word } from '../../lib/transcript/types';
import { silentWav } from '../audio/media-files';
import { addFiles } from '../browser/app-browser';
import { readWords, type StoredJob, waitForJobs } from '../browser/stored';
import { onInterrupt } from '../command/interrupt';
import type { Utterance } from './manifest';
import type { Outcome } from './score';
import type { TimedWord } from './word-scores';

/** Files given to the page at once. */
const BATCH = 50;
/** Between lines about how many are done. */
const TELL_MS = 10_000;

/** What the app made of a recording, with its words. */
export interface Transcribed extends Outcome {
  referenceWords: readonly TimedWord[];
  words: Word[];
}

/** What the app made of recordings, and by which model. */
export interface TranscribedAll {
  outcomes: Transcribed[];
  /** `null`: all failed. */
  model: ModelInfo | null;
  processingSeconds: number;
}

/** Runs with a new folder, which is gone afterwards, were the command interrupted. */
async function inScratch<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-wer-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const stopListening = onInterrupt(remove);
  try {
    return await run(folder);
  } finally {
    stopListening();
    remove();
  }
}

/** Loads the model and makes the choice of the backend, so that the first file does not pay for it. */
export function warmUp(page: Page): Promise<void> {
  return inScratch(async (folder) => {
    const name = 'warm-up.wav';
    writeFileSync(join(folder, name), silentWav(1));
    await addFiles(page, [join(folder, name)]);
    await waitForJobs(page, [name]);
  });
}

/**
 * Gives recordings to the app, as a user does. One that fails, or is not there, counts as one without
 * words.
 * @param page the app's, ready for files
 */
export function transcribeAll(
  page: Page,
  utterances: readonly Utterance[],
): Promise<TranscribedAll> {
  return inScratch(async (folder) => {
    const outcomes: Transcribed[] = [];
    let model: ModelInfo | null = null;
    const startedMs = performance.now();
    for (let at = 0; at < utterances.length; at += BATCH) {
      const tell = teller(at, utterances.length);
      const done = await transcribeBatch(page, utterances.slice(at, at + BATCH), folder, at, tell);
      outcomes.push(...done.outcomes);
      model ??= done.model;
      console.log(`${outcomes.length} of ${utterances.length} files`);
    }
    return { outcomes, model, processingSeconds: (performance.now() - startedMs) / 1000 };
  });
}

type Tell = (jobs: readonly StoredJob[]) => void;

/** Says now and then how many recordings are done. */
function teller(before: number, count: number): Tell {
  let toldMs = Date.now();
  return (jobs) => {
    if (Date.now() - toldMs < TELL_MS) return;
    toldMs = Date.now();
    const done = jobs.filter(({ state }) => state === 'done' || state === 'failed').length;
    console.log(`${before + done} of ${count} files`);
  };
}

async function transcribeBatch(
  page: Page,
  batch: readonly Utterance[],
  folder: string,
  firstNumber: number,
  onPoll: Tell,
): Promise<Pick<TranscribedAll, 'outcomes' | 'model'>> {
  const recordings = batch.map((utterance, at) => {
    // files in different folders may share a name: the number keeps them apart
    const number = String(firstNumber + at).padStart(6, '0');
    const name = `${number}${extname(utterance.path)}`;
    const isThere = existsSync(utterance.path);
    if (isThere) copyFileSync(utterance.path, join(folder, name));
    return { utterance, name, isThere };
  });
  const names = recordings.filter(({ isThere }) => isThere).map(({ name }) => name);
  const paths = names.map((name) => join(folder, name));
  if (paths.length > 0) await addFiles(page, paths);
  const jobs = paths.length > 0 ? await waitForJobs(page, names, { onPoll }) : [];
  for (const path of paths) rmSync(path, { force: true });
  const heard = await readWords(
    page,
    jobs.map(({ id }) => id),
  );
  const outcomes = recordings.map(({ utterance, name, isThere }) => {
    const job = jobs.find(({ fileName }) => fileName === name);
    const known = {
      audio: utterance.audio,
      reference: utterance.text,
      referenceWords: utterance.words,
    };
    if (job?.state === 'done')
      return { ...known, hypothesis: job.text, words: heard[job.id] ?? [] };
    // what a recording gave before it failed does not count
    const error = isThere ? (job?.error ?? 'The job failed.') : 'The file is not there.';
    return { ...known, hypothesis: '', words: [], error };
  });
  return { outcomes, model: jobs.find(({ model }) => model !== null)?.model ?? null };
}
