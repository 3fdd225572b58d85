import { audio } from './fixtures/files';
import { readTranscripts, textOf } from './fixtures/store';
import { expect, test } from './fixtures/test';

/** Long enough to be caught in the middle, short enough to wait for. */
const LONG_SECONDS = 600;

test('pauses a job, lets the next one run, and goes on where it was', async ({
  home,
  page,
  workshop,
}) => {
  await home.open();
  await home.add(workshop.longSpeech('first.wav', LONG_SECONDS), audio('speech.flac'));
  await expect.poll(() => textOf(page, 'first')).toMatch(/\w/);
  await home.button('first.wav', 'Pause').click();
  await expect(home.button('first.wav', 'Resume')).toBeVisible();
  await expect(home.link('speech')).toBeVisible();
  const before = await textOf(page, 'first');
  expect(before.length).toBeGreaterThan(0);
  await expect(home.job('first.wav')).toBeHidden();
  await home.button('first.wav', 'Resume').click();
  await expect(home.link('first')).toBeVisible({ timeout: 80_000 });
  expect(await textOf(page, 'first')).toContain(before);
});

test('takes a cancelled job away at once and brings it back with undo', async ({
  home,
  page,
  workshop,
}) => {
  await home.open();
  await home.add(workshop.longSpeech('long.wav', LONG_SECONDS));
  await expect.poll(() => textOf(page, 'long')).toMatch(/\w/);
  await home.button('long.wav', 'Cancel').click();
  await expect(home.card('long.wav')).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(home.card('long.wav')).toBeVisible();
  await expect(home.link('long')).toBeVisible({ timeout: 80_000 });
});

test('runs waiting jobs in the order the user gives them', async ({ home, page, workshop }) => {
  await home.open();
  await home.add(
    workshop.longSpeech('long.wav', LONG_SECONDS),
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

test('a broken file in the middle of the queue stops nothing', async ({ home, workshop }) => {
  await home.open();
  await home.add(
    audio('speech.flac'),
    workshop.write('notes.mp3', Buffer.from('These are only notes.\n'.repeat(50))),
    audio('second.mp3'),
  );
  await expect(home.link('second')).toBeVisible();
  await expect(home.link('speech')).toBeVisible();
  await expect(home.alert('notes.mp3')).toContainText('This is not a recording that can be read.');
  await home
    .alert('notes.mp3')
    .page()
    .getByRole('group', { name: 'notes.mp3' })
    .getByRole('button', { name: 'Remove' })
    .click();
  await expect(home.alert('notes.mp3')).toBeHidden();
});

test('thirty files dropped at once all become transcripts', async ({ home, page }) => {
  test.setTimeout(180_000);
  const { readFileSync } = await import('node:fs');
  const buffer = readFileSync(audio('second.mp3'));
  await home.open();
  await home.add(
    ...Array.from({ length: 30 }, (_, i) => ({
      name: `clip ${i}.mp3`,
      mimeType: 'audio/mpeg',
      buffer,
    })),
  );
  await expect(home.transcripts.getByRole('link')).toHaveCount(30, { timeout: 150_000 });
  const texts = new Set(
    (await readTranscripts(page)).map(({ segments }) => segments.map(({ text }) => text).join(' ')),
  );
  expect(texts.size).toBe(1);
});
