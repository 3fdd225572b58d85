import { launchOptions } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { readTranscripts } from '../fixtures/store';
import { expect, freshTest as test } from '../fixtures/test';

test.use({ base: true, launchOptions, serviceWorkers: 'allow' });

test('runs the large built-in model offline after the first visit', async ({
  home,
  page,
  context,
}) => {
  const models = async () => (await readTranscripts(page)).map(({ model }) => model?.id);
  await home.open();
  await home.add(audio('speech.flac'));
  await expect.poll(models, { timeout: 180_000 }).toEqual(['ai2text-base']);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await page.goto('/');
  await home.add(audio('second.mp3'));
  await expect(home.link('second')).toBeVisible({ timeout: 60_000 });
  await expect.poll(models).toEqual(['ai2text-base', 'ai2text-base']);
});
