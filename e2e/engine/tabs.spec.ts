import { audio } from '../fixtures/files';
import { readTranscripts, textOf } from '../fixtures/store';
import { expect, test } from '../fixtures/test';
import { HomePage } from '../pages/home';

test('two tabs show the same job, and only one of them runs it', async ({
  home,
  page,
  context,
  tempFiles,
}) => {
  await home.open();
  const other = new HomePage(await context.newPage());
  await other.open();
  await home.add(tempFiles.longSpeech('shared.wav', 200));
  await expect(other.job('shared.wav')).toBeVisible();
  await expect.poll(() => textOf(page, 'shared')).toMatch(/\w/);
  // commands work from either
  await other.button('shared.wav', 'Pause').click();
  await expect(home.button('shared.wav', 'Resume')).toBeVisible();
  await home.button('shared.wav', 'Resume').click();
  await expect(other.link('shared')).toBeVisible();
  await expect(home.link('shared')).toBeVisible();
  const [transcript] = await readTranscripts(page);
  const starts = (transcript?.segments ?? []).map((segment) => segment.startMs);
  expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
});

test('another tab takes over when the tab running the job is closed', async ({
  home,
  page,
  context,
  tempFiles,
}) => {
  await home.open();
  const other = new HomePage(await context.newPage());
  await other.open();
  await home.add(tempFiles.longSpeech('moving.wav', 200));
  await expect.poll(async () => (await readTranscripts(other.page))[0]?.media).toBe('kept');
  await expect.poll(() => textOf(other.page, 'moving')).toMatch(/\w/);
  await page.close();
  await expect(other.link('moving')).toBeVisible({ timeout: 240_000 });
});

test('says that another tab is blocking the database, and continues when it is closed', async ({
  home,
  page,
  context,
}) => {
  await home.open();
  await home.add(audio('second.mp3'));
  await expect(home.link('second')).toBeVisible();
  // a page of this origin that holds the database open and does not let go
  const holder = await context.newPage();
  await holder.goto('/icon.svg');
  await page.close();
  await holder.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.open('ai2text').onsuccess = resolve;
      }),
  );
  // a newer build, whose database has the next version
  const newer = await context.newPage();
  await newer.addInitScript(() => {
    const open = indexedDB.open.bind(indexedDB);
    indexedDB.open = (name: string, version?: number) =>
      version === undefined ? open(name) : open(name, version + 1);
  });
  const upgraded = new HomePage(newer);
  await newer.goto('/');
  await expect(newer.getByText(/close.*tab/i).first()).toBeVisible();
  await holder.close();
  await expect(upgraded.link('second')).toBeVisible();
  await upgraded.add(audio('speech.flac'));
  await expect(upgraded.link('speech')).toBeVisible();
});
