import { audio } from '../fixtures/files';
import { HUB_ADDRESSES, offer } from '../fixtures/hub';
import { readTranscripts } from '../fixtures/store';
import { expect, freshTest as test } from '../fixtures/test';
import { ModelsPage } from '../pages/models';

/** A model with random weights: what it says means nothing, but it says something. */
const NAME = 'whisper-tiny-random';
const DECODER = 'onnx/decoder_model_merged.onnx';

// with the copy of the app for use offline
test.use({ allowedRequests: HUB_ADDRESSES, serviceWorkers: 'allow' });

test('downloads a model once, resumes after a reload, uses it offline and deletes it', async ({
  page,
  context,
  home,
  hub,
}) => {
  const repository = offer(hub, NAME);
  const models = new ModelsPage(page);
  await models.open();
  // slow enough to be looked at, and to be broken off
  hub.setFault(repository, DECODER, { bytesPerSecond: 60_000 });
  await models.addRepository(repository);
  await expect(page.getByRole('heading', { name: NAME, exact: true })).toBeFocused();
  await models.button(NAME, 'Download').click();
  await expect(models.progress(NAME)).toHaveAttribute('aria-valuetext', /B of .*B/);
  await expect
    .poll(() => models.progress(NAME).getAttribute('aria-valuenow').then(Number))
    // half of it is the encoder: the decoder is broken off in the middle
    .toBeGreaterThan(60);

  await page.reload();
  hub.setFault(repository, DECODER, null);
  await expect(models.button(NAME, 'Use')).toBeEnabled();
  await expect(page.getByText(`${NAME} is downloaded`)).toBeVisible();
  expect(hub.log.filter(({ range }) => /^bytes=[1-9]/.test(range ?? ''))).not.toEqual([]);
  expect(await models.storedBytes()).toBeGreaterThan(1_000_000);

  await models.button(NAME, 'Use').click();
  await expect(models.item(NAME)).toContainText('In use');
  await expect(page.getByRole('heading', { name: NAME, exact: true })).toBeFocused();
  // the check on the self-test clip
  await expect(models.item(NAME)).toContainText('is used on this device');

  await page.getByRole('link', { name: 'Library' }).click();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await home.add(audio('speech.flac'));
  await expect(home.link('speech')).toBeVisible();
  const [transcript] = await readTranscripts(page);
  expect(transcript?.model).toMatchObject({ id: NAME, backend: 'wasm' });
  expect(transcript?.segments.flatMap(({ words }) => words).length).toBeGreaterThan(0);
  await context.setOffline(false);

  await models.open();
  await models.delete(NAME);
  await expect(page.getByText('Draft is used again')).toBeVisible();
  await expect(models.item(NAME)).toHaveCount(0);
  await expect(models.item('Draft')).toContainText('In use');
  await expect.poll(() => models.storedBytes()).toBeLessThan(10_000);
});
