import type { Page } from '@playwright/test';

/** Ten hours of speech: 100,000 words in rows as the segmenter cuts them. */
export const ROWS = 5_000;
const WORDS_PER_ROW = 20;
const ROW_MS = 7_200;

const ID = '6f1c3f6e-0000-4000-8000-000000000010';

/**
 * Stores a transcript of ten hours, titled "Ten hours", as a job would have left it. The first word of each row is
 * `row` with the row's index.
 * @param page one that has the app open
 * @returns its id
 */
export async function storeTenHours(page: Page): Promise<string> {
  await page.evaluate(
    async ({ id, rows, wordsPerRow, rowMs }) => {
      const vocabulary =
        'most of the boats had already come home before rain reached the coast'.split(' ');
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open('ai2text');
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      const tx = db.transaction(['transcripts', 'segments', 'words'], 'readwrite');
      const now = new Date().toISOString();
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
        speakers: [
          { id: 's1', name: 'Ada' },
          { id: 's2', name: 'Ben' },
        ],
      });
      for (let index = 0; index < rows; index++) {
        const startMs = index * rowMs;
        const words = Array.from({ length: wordsPerRow }, (_, at) => ({
          text: at === 0 ? `row${index}` : (vocabulary[(index + at) % vocabulary.length] ?? ''),
          startMs: startMs + at * 350,
          endMs: startMs + at * 350 + 340,
          confidence: at % 40 === 7 ? 0.3 : 0.9,
        }));
        tx.objectStore('words').put({ transcriptId: id, index, words });
        tx.objectStore('segments').put({
          transcriptId: id,
          index,
          id: `seg-${index}`,
          startMs,
          endMs: startMs + rowMs,
          speakerId: index % 3 === 0 ? 's1' : 's2',
          text: words.map((word) => word.text).join(' '),
          edited: false,
          wordCount: wordsPerRow,
        });
      }
      await new Promise<void>((resolve, reject) => {
        tx.oncomplete = () => resolve();
        tx.onerror = () => reject(tx.error);
      });
      db.close();
    },
    { id: ID, rows: ROWS, wordsPerRow: WORDS_PER_ROW, rowMs: ROW_MS },
  );
  return ID;
}
