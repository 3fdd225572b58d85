import { audio } from '../fixtures/files';
import { expect, test } from '../fixtures/test';

/** Long enough to be caught in the middle, short enough to wait for. */
const LONG_SECONDS = 240;

test('runs waiting jobs in the order the user gives them', async ({ home, page, tempFiles }) => {
  await home.open();
  await home.add(
    tempFiles.longSpeech('long.wav', LONG_SECONDS),
    audio('speech.flac'),
    audio('second.mp3'),
  );
  await expect(home.job('long.wav')).toBeVisible();
  await home.button('second.mp3', 'Move up').click();
  await expect(home.button('second.mp3', 'Move down')).toBeVisible();
  await home.button('long.wav', 'Cancel').click();
  await expect(home.transcripts.getByRole('link')).toHaveCount(2);
  const finished = await page.evaluate(
    () =>
      new Promise<{ title: string; updatedAt: string }[]>((resolve) => {
        indexedDB.open('ai2text').onsuccess = (event) => {
          const { result: db } = event.target as IDBOpenDBRequest; // the request that succeeded
          db.transaction('transcripts').objectStore('transcripts').getAll().onsuccess = (read) =>
            resolve((read.target as IDBRequest).result);
        };
      }),
  );
  const at = (title: string) => finished.find((one) => one.title === title)?.updatedAt ?? '';
  expect(at('second') < at('speech')).toBe(true);
});
