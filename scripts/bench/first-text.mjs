import { addFiles, ready } from '../lib/app-browser.mjs';
import { figure, missing, openWarmApp } from './jobs.mjs';
import { speechMp3 } from './media.mjs';

const LENGTHS = [
  ['1 min file', 60],
  ['3 h file', 3 * 3600],
];

const TARGET_SECONDS = 3;
const GIVEN_UP_MS = 120_000;

/** From the moment the page has the file to the first stored words. The page has only just
 * loaded: its workers are still starting. */
async function secondsToFirstWords(page, path) {
  const waiting = page.evaluate(async (givenUpMs) => {
    const input = document.querySelector('input[type=file][multiple]');
    if (!input) throw new Error('The page has no file input.');
    await new Promise((resolve) => {
      input.addEventListener('change', resolve, { once: true, capture: true });
    });
    const startedMs = performance.now();
    const asked = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await asked(indexedDB.open('ai2text'));
    try {
      while (performance.now() - startedMs < givenUpMs) {
        if ((await asked(db.transaction('segments').objectStore('segments').count())) > 0)
          return (performance.now() - startedMs) / 1000;
        await new Promise((resolve) => {
          setTimeout(resolve, 20);
        });
      }
      return null;
    } finally {
      db.close();
    }
  }, GIVEN_UP_MS);
  await addFiles(page, [path]);
  return waiting;
}

/** Seconds until words can be read, for a short and a very long file, with the model cached. */
export async function firstText({ url }) {
  const results = [];
  for (const [metric, seconds] of LENGTHS) {
    const path = await speechMp3(seconds);
    const app = await openWarmApp(url, { backend: 'wasm' });
    try {
      await ready(app.page, url);
      const value = await secondsToFirstWords(app.page, path);
      results.push(
        value === null
          ? missing('first-text', metric, 's', 'lower', TARGET_SECONDS, 'No words came in 120 s.')
          : figure('first-text', metric, value, 's', 'lower', TARGET_SECONDS),
      );
    } finally {
      await app.close();
    }
  }
  return results;
}
