import { basename } from 'node:path';
import type { Page } from '@playwright/test';
import type { JobRecord } from '../../lib/client/store/schema';
import { addFiles, ready } from '../browser/app-browser';
import { waitForJobs } from '../browser/stored';
import { type BenchContext, type Figure, figure, missing } from './figures';
import { openWarmApp } from './jobs';
import { speechMp3 } from './media';

const LENGTHS = [
  { metric: '1 min file', seconds: 60 },
  { metric: '3 h file', seconds: 3 * 3600 },
];

const TARGET_SECONDS = 3;
const GIVEN_UP_MS = 120_000;

/** Seconds until there were words; `null`: none came. */
interface WaitedFor {
  /** Whichever model wrote them. */
  first: number | null;
  /** Of the job's own model. */
  own: number | null;
}

/** From the moment the page has the file to its first stored words. */
async function secondsToWords(page: Page, path: string): Promise<WaitedFor> {
  const waiting = page.evaluate(
    async ({ fileName, givenUpMs }) => {
      const input = document.querySelector('input[type=file][multiple]');
      if (!input) throw new Error('The page has no file input.');
      await new Promise((resolve) => {
        input.addEventListener('change', resolve, { once: true, capture: true });
      });
      const startedMs = performance.now();
      const since = () => (performance.now() - startedMs) / 1000;
      const db = await requested(indexedDB.open('ai2text'));
      const seen: WaitedFor = { first: null, own: null };
      try {
        while (since() * 1000 < givenUpMs && seen.own === null) {
          const stores = db.transaction(['jobs', 'segments']);
          const jobs: JobRecord[] = await requested(stores.objectStore('jobs').getAll());
          const job = jobs.filter((one) => one.fileName === fileName).at(-1);
          const rows = IDBKeyRange.bound([job?.id ?? ''], [job?.id ?? '', []]);
          if (job && (await requested(stores.objectStore('segments').count(rows))) > 0) {
            seen.first ??= since();
            // what is written ahead of it leaves a job where it is
            if (job.batches > 0) seen.own = since();
          }
          await new Promise((resolve) => {
            setTimeout(resolve, 20);
          });
        }
        return seen;
      } finally {
        db.close();
      }
    },
    { fileName: basename(path), givenUpMs: GIVEN_UP_MS },
  );
  await addFiles(page, [path]);
  return waiting;
}

function figures(metric: string, { first, own }: WaitedFor): Figure[] {
  const one = (name: string, value: number | null, target: number | null) =>
    value === null
      ? missing('first-text', name, 's', 'lower', target, 'No words came in 120 s.')
      : figure('first-text', name, value, 's', 'lower', target);
  return [one(metric, first, TARGET_SECONDS), one(`${metric}, its own model's`, own, null)];
}

/**
 * Seconds until words can be read, for a short and a very long file, with the model on the device: on a
 * page that has only just loaded, whose workers are still starting, and where the model is loaded, too.
 */
export async function firstText({ url }: BenchContext): Promise<Figure[]> {
  const results: Figure[] = [];
  for (const { metric, seconds } of LENGTHS) {
    const path = await speechMp3(seconds);
    const app = await openWarmApp(url, { backend: 'wasm' });
    try {
      await ready(app.page, url);
      results.push(...figures(`${metric}, page just opened`, await secondsToWords(app.page, path)));
    } finally {
      await app.close();
    }
  }
  const app = await openWarmApp(url, { backend: 'wasm' });
  try {
    const [path, other] = [await speechMp3(60), await speechMp3(30)];
    await addFiles(app.page, [other]);
    await waitForJobs(app.page, [basename(other)]);
    results.push(...figures('1 min file, model loaded', await secondsToWords(app.page, path)));
  } finally {
    await app.close();
  }
  return results;
}
