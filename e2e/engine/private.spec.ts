import type { Page } from '@playwright/test';
import { withMicrophone } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { expect, test } from '../fixtures/test';
import { RecordingPage, SPOKEN } from '../pages/recording';

test.use({ launchOptions: withMicrophone(audio('speech.wav')) });

/** What the app has stored in this browser, as another page of its origin finds it. */
function stored(page: Page) {
  return page.evaluate(async () => {
    const counted = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const rows: Record<string, number> = {};
    for (const { name = '' } of await indexedDB.databases()) {
      const db = await counted(indexedDB.open(name));
      for (const store of db.objectStoreNames)
        rows[`${name} ${store}`] = await counted(db.transaction(store).objectStore(store).count());
      db.close();
    }
    const files: string[] = [];
    const list = async (folder: FileSystemDirectoryHandle, path: string) => {
      for await (const [name, handle] of folder.entries()) {
        files.push(path + name);
        if (handle.kind === 'directory')
          await list(handle as FileSystemDirectoryHandle, `${path}${name}/`); // by its kind
      }
    };
    await list(await navigator.storage.getDirectory(), '/');
    return { rows, files: files.sort(), local: { ...localStorage }, caches: await caches.keys() };
  });
}

test('a private session transcribes and records, and leaves nothing behind', async ({
  context,
  home,
  page,
  transcript,
}) => {
  await page.goto('/settings');
  await page.locator('html[data-ready]').waitFor();
  const beside = await context.newPage();
  // of the same origin, but not the app: it stores nothing itself
  await beside.goto('/models/catalogue.json');
  const before = await stored(beside);
  await page.getByRole('button', { name: 'Begin a private session' }).click();
  await expect(page.getByText(/^Private session: everything stays in the memory/)).toBeVisible();
  await home.add(audio('speech-ac3.mkv'));
  await home.link('speech-ac3').click();
  await expect(transcript.text).toContainText(/heavy rain/i);
  expect(await stored(beside)).toEqual(before);

  // nor does what is recorded
  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  const recording = new RecordingPage(page);
  await recording.start.click();
  await recording.waitForWords();
  // a word that is cut off as it ends may be another one in the final pass
  await recording.waitForLength(9_000);
  await recording.stop.click();
  await page.getByRole('link', { name: 'Open transcript' }).click();
  await expect(transcript.text).toContainText(SPOKEN);
  await expect(transcript.play).toBeEnabled();
  expect(await stored(beside)).toEqual(before);
  // gone with the page that had it
  await page.goto('/');
  await expect(page.locator('html[data-ready]')).toBeAttached();
  await expect(home.link('speech-ac3')).toHaveCount(0);
  expect(await stored(beside)).toEqual(before);
  await page.getByRole('button', { name: 'End the private session' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'End the private session' }).click();
  await expect(page.getByText(/^Private session: everything/)).toHaveCount(0);
});
