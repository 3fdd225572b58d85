import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test';

/** Ten hours of speech at its usual pace. */
const ROWS = 5000;
const WORDS_PER_ROW = 18;

/** Stores a transcript of ten hours as a job would have left it. */
function storeLongTranscript(page: Page, id: string) {
  return page.evaluate(
    async ({ id, rows, wordsPerRow }) => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open('ai2text');
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      const tx = db.transaction(['transcripts', 'segments', 'words'], 'readwrite');
      const now = new Date().toISOString();
      const rowMs = 7200;
      tx.objectStore('transcripts').put({
        id,
        title: 'Ten hours',
        language: 'en',
        createdAt: now,
        updatedAt: now,
        durationMs: rows * rowMs,
        source: { name: 'ten.wav', mediaType: 'audio/wav', sizeBytes: 1, sha256: null },
        model: { id: 'ai2text-en', backend: 'wasm', precision: 'int8' },
        state: 'complete',
        wordCount: rows * wordsPerRow,
        media: 'none',
        hasVideo: false,
        notices: [],
        deletedAt: null,
      });
      for (let index = 0; index < rows; index++) {
        const startMs = index * rowMs;
        const words = Array.from({ length: wordsPerRow }, (_, at) => ({
          text: at === 0 ? `row${index}` : 'word',
          startMs: startMs + at * 400,
          endMs: startMs + at * 400 + 390,
          confidence: 0.9,
        }));
        tx.objectStore('words').put({ transcriptId: id, index, words });
        tx.objectStore('segments').put({
          transcriptId: id,
          index,
          id: `seg-${index}`,
          startMs,
          endMs: startMs + rowMs,
          speakerId: null,
          text: words.map((word) => word.text).join(' '),
          edited: false,
        });
      }
      await new Promise<void>((resolve, reject) => {
        tx.oncomplete = () => resolve();
        tx.onerror = () => reject(tx.error);
      });
      db.close();
    },
    { id, rows: ROWS, wordsPerRow: WORDS_PER_ROW },
  );
}

test('opens, scrolls and searches ten hours of words with few of them in the DOM', async ({
  home,
  page,
  transcript,
}) => {
  const id = '3f0c3b1e-1111-4222-8333-444455556666';
  await home.open();
  await storeLongTranscript(page, id);
  await page.goto(`/transcripts/${id}`);
  await expect(transcript.text).toContainText('row0');
  const shown = () => transcript.text.getByRole('button').count();
  expect(await shown()).toBeLessThan(3000);

  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await expect
    .poll(async () => {
      // heights are estimates until rows were seen: the end moves while it comes near
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      return transcript.text.textContent();
    })
    .toContain(`row${ROWS - 1}`);
  expect(await shown()).toBeLessThan(3000);

  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByRole('searchbox', { name: 'Find in transcript' }).fill('row2500');
  await expect(transcript.text.getByText('row2500', { exact: true })).toBeInViewport();
});
