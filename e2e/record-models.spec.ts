import type { Page } from '@playwright/test';
import { type Hub, startHub } from '../scripts/lib/hub-server.mjs';
import { generate } from '../scripts/models/presets';
import { withSpeech } from './fixtures/chromium';
import { audio } from './fixtures/files';
import { MODEL_HUB_PORT } from './fixtures/hub';
import { expect, test } from './fixtures/test';
import { ModelsPage } from './pages/models';
import { RecordingPage } from './pages/recording';

test.use({
  launchOptions: withSpeech(audio('speech.wav')),
  mayAsk: /^http:\/\/127\.0\.0\.1:\d+\//,
});

let hub: Hub;
test.beforeEach(async () => {
  hub = await startHub({ port: MODEL_HUB_PORT });
});
test.afterEach(() => hub.close());

/** Downloads a model of the hub and takes it into use. */
async function use(page: Page, name: string): Promise<void> {
  for (const [path, bytes] of generate(name)) hub.put(`tests/${name}`, path, bytes);
  const models = new ModelsPage(page);
  await models.open();
  await models.addRepository(`tests/${name}`);
  await models.button(name, 'Download').click();
  await expect(models.button(name, 'Use')).toBeEnabled({ timeout: 60_000 });
  await models.button(name, 'Use').click();
  await expect(models.item(name)).toContainText('In use');
}

// their weights are random: what they write means nothing, but they write it while one speaks
for (const name of ['moonshine-random', 'tdt-random', 'nemo-ctc-random'])
  test(`${name} writes the live text when it is in use`, async ({ page }) => {
    test.setTimeout(180_000);
    await use(page, name);
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

test('Whisper leaves the live text to the built-in model, and does the final pass', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const name = 'whisper-tiny-random';
  await use(page, name);
  const recording = new RecordingPage(page);
  await recording.open();
  await recording.start.click();
  await recording.waitForWords();
  await expect(page.getByText(/The live text is written by AI2Text English/)).toBeVisible();
  expect((await recording.finish()).model?.id).toBe(name);
});
