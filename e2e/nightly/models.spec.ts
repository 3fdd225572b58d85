import { HUB_ADDRESSES, offer } from '../fixtures/hub';
import { expect, freshTest, test } from '../fixtures/test';
import { ModelsPage } from '../pages/models';

/** A model with random weights: what it says means nothing, but it says something. */
const NAME = 'whisper-tiny-random';
const DECODER = 'onnx/decoder_model_merged.onnx';

test.use({ allowedRequests: HUB_ADDRESSES });
freshTest.use({ allowedRequests: HUB_ADDRESSES });

test('says why a download failed, and Retry resumes it', async ({ page, hub }) => {
  const repository = offer(hub, NAME);
  const models = new ModelsPage(page);
  await models.open();
  await models.addRepository(repository);
  hub.setFault(repository, DECODER, { status: 404 });
  await models.button(NAME, 'Download').click();
  await expect(models.alert(NAME)).toContainText(/no longer has these files/, { timeout: 60_000 });
  hub.setFault(repository, DECODER, { wrongBytes: true });
  await models.button(NAME, 'Retry').click();
  await expect(models.alert(NAME)).toContainText(/not the one that the repository lists/, {
    timeout: 60_000,
  });
  await expect(models.button(NAME, 'Use')).toBeDisabled();
  hub.setFault(repository, DECODER, null);
  await models.button(NAME, 'Retry').click();
  await expect(models.button(NAME, 'Use')).toBeEnabled({ timeout: 60_000 });
  await expect(models.alert(NAME)).toHaveCount(0);
});

test('says how much space is missing for a model before downloading anything', async ({
  page,
  hub,
}) => {
  const repository = offer(hub, NAME);
  const models = new ModelsPage(page);
  // Chromium reports 10 GiB to every site, whatever there is
  await page.addInitScript(() => {
    StorageManager.prototype.estimate = async () => ({ usage: 1_000_000, quota: 1_200_000 });
  });
  await models.open();
  await models.addRepository(repository);
  await models.button(NAME, 'Download').click();
  await expect(models.alert(NAME)).toContainText(/needs 1\.\d MB, and 200 KB are free/);
  expect(hub.log.filter(({ at }) => at === 'cdn')).toEqual([]);
});

// profiles on disk keep to no quota that is set for them
freshTest(
  'keeps a partial download when the disk is full, and resumes it when there is space',
  async ({ page, context, baseURL, hub }) => {
    const repository = offer(hub, NAME);
    const models = new ModelsPage(page);
    const devtools = await context.newCDPSession(page);
    const origin = new URL(baseURL ?? '').origin;
    await models.open();
    await models.addRepository(repository);
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_200_000 });
    await models.button(NAME, 'Download').click();
    await expect(models.alert(NAME)).toContainText(/is full.*B of 1\.\d MB are here/);
    await devtools.send('Storage.overrideQuotaForOrigin', { origin });
    await models.button(NAME, 'Retry').click();
    await expect(models.button(NAME, 'Use')).toBeEnabled({ timeout: 60_000 });
  },
);
