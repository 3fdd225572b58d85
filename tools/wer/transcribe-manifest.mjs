import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { addFiles, ready, waitForJobs } from '../browser/app-browser.mjs';
import { onInterrupt } from '../command/interrupt.mjs';
import { scoreOutcomes } from './score.mjs';

/** Between lines about how many are done. */
const TELL_MS = 10_000;

/**
 * Gives recordings to the app, as a user does, and scores what it makes of them.
 * @param {import('@playwright/test').Page} page
 * @param {string} url of the served app
 * @param {{path: string, audio: string, text: string}[]} utterances their files must exist
 * @returns scores of `scoreOutcomes`; a recording that fails counts as one without words
 */
export async function transcribeManifest(page, url, utterances) {
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-verify-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const forget = onInterrupt(remove);
  try {
    await ready(page, url);
    // files in different folders may share a name
    const names = utterances.map(({ path }, at) => `${at}${extname(path)}`);
    const paths = names.map((name) => join(folder, name));
    for (const [at, { path }] of utterances.entries()) copyFileSync(path, paths[at] ?? '');
    await addFiles(page, paths);
    const jobs = await waitForJobs(page, names, { onPoll: teller(names.length) });
    const outcomes = utterances.map(({ audio, text }, at) => {
      const job = jobs.find(({ fileName }) => fileName === names[at]);
      // what a recording gave before it failed does not count
      return job?.state === 'done'
        ? { audio, reference: text, hypothesis: job.text }
        : { audio, reference: text, hypothesis: '', error: job?.error ?? 'The job failed.' };
    });
    return await scoreOutcomes(outcomes);
  } finally {
    forget();
    remove();
  }
}

/** Says now and then how many recordings are done. */
function teller(count) {
  let toldMs = 0;
  return (jobs) => {
    if (Date.now() - toldMs < TELL_MS) return;
    toldMs = Date.now();
    const done = jobs.filter(({ state }) => state === 'done' || state === 'failed').length;
    console.log(`  ${done} of ${count} recordings`);
  };
}
