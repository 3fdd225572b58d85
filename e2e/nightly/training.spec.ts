import { AppServer } from '../fixtures/app-server';
import { audio } from '../fixtures/files';
import { putTranscript } from '../fixtures/seeded-transcript';
import { readTranscripts } from '../fixtures/store';
import { ENGINE_FILES, expect, test } from '../fixtures/test';
import { TrainingReceiver } from '../fixtures/training-receiver';
import { correct, train, trainingRuns } from '../pages/dataset';
import { Device } from '../pages/device';
import { ModelsPage } from '../pages/models';
import { TranscriptPage } from '../pages/transcript';

const receiver = new TrainingReceiver();
let server: AppServer;
const TITLE = 'Weather report';

test.beforeAll(async () => {
  server = new AppServer(await receiver.start());
  await server.setUp(await server.start());
});
test.afterAll(async () => {
  await server?.stop();
  await receiver.stop();
});

/** Puts the trained model to use, makes a transcript with it, and goes back to the one before. */
async function useTrained({ context, page, home }: Device): Promise<void> {
  const runs = trainingRuns(page);
  const use = runs.getByRole('button', { name: 'Use the model trained on v1' });
  const goBack = runs.getByRole('button', { name: 'Go back to the model before' });
  await use.click();
  await expect(goBack).toBeVisible();

  // from here on speech is recognised
  await context.unroute(ENGINE_FILES);
  const models = new ModelsPage(page);
  await models.open();
  const trained = page
    .getByRole('list', { name: 'Models on this server' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'Trained on v1' }) });
  await expect(trained).toContainText(/21\.3 %.*25\.4 %/);
  await trained.getByRole('button', { name: 'Download' }).click();
  await expect(trained).toContainText('In use');
  // it has run on the known recording
  await expect(trained).toContainText('is used on this device');
  await page.getByRole('link', { name: 'Library' }).click();
  await home.add(audio('second.mp3'));
  await expect(home.link('second')).toBeVisible();
  const made = (await readTranscripts(page)).find(({ title }) => title === 'second');
  expect(made?.model?.id).toMatch(/^trained-v1-/);

  await page.goto('/dataset');
  await goBack.click();
  await expect(use).toBeVisible();
  await models.open();
  await expect(models.item('Draft')).toContainText('In use');
  await expect(trained.getByRole('button', { name: 'Use', exact: true })).toBeEnabled();
}

test('a correction becomes part of a trained model, which makes a transcript', async ({
  browser,
}) => {
  const device = await Device.open(browser, server);
  const { page } = device;
  await device.signIn();
  await putTranscript(page, { title: TITLE, file: 'speech.flac' });
  await page.getByRole('link', { name: TITLE, exact: true }).click();
  await correct(page);
  await new TranscriptPage(page).more('Give to a training set');
  const dialog = page.getByRole('dialog', { name: 'Give to a training set' });
  const boxes = dialog.getByRole('list', { name: 'Clips to give' }).getByRole('checkbox');
  await boxes.nth(0).check();
  await boxes.nth(2).check();
  await dialog.getByRole('radio', { name: /^CC BY 4\.0/ }).check();
  for (const name of [/^I have the right/, /^Everyone who/, /nothing confidential/])
    await dialog.getByRole('checkbox', { name }).check();
  await dialog.getByRole('button', { name: 'Give', exact: true }).click();
  const given = dialog.getByRole('list', { name: 'Given from this transcript' });
  await expect(given.getByText('Given', { exact: true })).toHaveCount(2);
  await dialog.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('link', { name: 'Training set' }).click();
  await page.getByRole('button', { name: 'Publish version' }).click();
  await expect(page.getByText('Version v1 was published.')).toBeVisible();
  await train(page, receiver);
  await useTrained(device);
  await device.context.close();
});
