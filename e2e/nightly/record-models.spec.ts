import type { Page } from '@playwright/test';
import type { Hub } from '../../tools/services/hub-server';
import { withMicrophone } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { HUB_ADDRESSES, offer } from '../fixtures/hub';
import { expect, test } from '../fixtures/test';
import { ModelsPage } from '../pages/models';
import { RecordingPage } from '../pages/recording';

test.use({
  launchOptions: withMicrophone(audio('speech.wav')),
  allowedRequests: HUB_ADDRESSES,
});

/** Downloads a model of the hub and takes it into use. */
async function use(page: Page, hub: Hub, name: string): Promise<void> {
  const repository = offer(hub, name);
  const models = new ModelsPage(page);
  await models.open();
  await models.addRepository(repository);
  await models.button(name, 'Download').click();
  await expect(models.button(name, 'Use')).toBeEnabled({ timeout: 60_000 });
  await models.button(name, 'Use').click();
  await expect(models.item(name)).toContainText('In use');
}

// their weights are random: what they write means nothing, but they write it while one speaks
for (const name of ['moonshine-random', 'tdt-random', 'nemo-ctc-random'])
  test(`${name} writes the live text when it is selected`, async ({ page, hub }) => {
    await use(page, hub, name);
    const recording = new RecordingPage(page);
    await recording.open();
    await recording.start.click();
    await expect(page.getByText(`The live text is written by ${name}.`)).toBeVisible();
    await expect(recording.live.locator('[data-start-ms]').first()).toBeVisible({
      timeout: 40_000,
    });
    await recording.waitForLength(8_000);
    const stored = await recording.finish();
    expect(stored.model?.id).toBe(name);
  });

test('the built-in model writes the live text and Whisper does the final pass', async ({
  page,
  hub,
}) => {
  const name = 'whisper-tiny-random';
  await use(page, hub, name);
  const recording = new RecordingPage(page);
  await recording.open();
  await recording.start.click();
  await recording.waitForWords();
  await expect(page.getByText(/The live text is written by Draft/)).toBeVisible();
  expect((await recording.finish()).model?.id).toBe(name);
});
