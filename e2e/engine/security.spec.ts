import { HUB_ADDRESSES, MODEL_HUB, offer } from '../fixtures/hub';
import { expect, test } from '../fixtures/test';
import { ModelsPage } from '../pages/models';

test.describe('another host', () => {
  test.use({ allowViolations: true, allowedRequests: HUB_ADDRESSES });

  test('is out of reach of a page, except for a download', async ({ home, hub, page }) => {
    const repository = offer(hub, 'whisper-tiny-random');
    await home.open();
    /** How a request ends that asks the hub for anything; it is there, and answers all origins. */
    const reach = (url: string) =>
      fetch(url, { mode: 'no-cors' }).then(
        () => 'reached',
        () => 'refused',
      );
    const address = `${MODEL_HUB}/api/models/${repository}`;
    expect(await page.evaluate(reach, address)).toBe('refused');
    expect(hub.log).toEqual([]);

    const models = new ModelsPage(page);
    await models.open();
    await models.addRepository(repository);
    await models.button('whisper-tiny-random', 'Download').click();
    await expect(models.button('whisper-tiny-random', 'Use')).toBeEnabled();
    expect(hub.log.length).toBeGreaterThan(0);

    // what was sent there is listed, with its reason
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('link', { name: 'What this page has sent' }).click();
    await expect(page.getByText(/\d+ requests, [1-9]\d* to other hosts/)).toBeVisible();
    await expect(page.getByText('Every request is explained.')).toBeVisible();
    await page.getByText('Download of a speech model').click();
    await expect(page.getByText(/GET .*decoder_model_merged\.onnx/)).toBeVisible();
  });
});
