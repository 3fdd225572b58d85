import type { Cookie, Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessibility';
import { AppServer } from '../fixtures/app-server';
import { audio } from '../fixtures/files';
import { putTranscript } from '../fixtures/seeded-transcript';
import { readTranscripts } from '../fixtures/store';
import { ENGINE_FILES, expect, test } from '../fixtures/test';
import { TrainingReceiver } from '../fixtures/training-receiver';
import { Device } from '../pages/device';
import { ModelsPage } from '../pages/models';
import { TranscriptPage } from '../pages/transcript';

const receiver = new TrainingReceiver();
let server: AppServer;
let cookies: Cookie[] = [];
const TITLE = 'Weather report';

test.beforeAll(async ({ browser }) => {
  server = new AppServer(await receiver.start());
  await server.setUp(await server.start());
  // once: how often one may sign in is limited
  const device = await Device.open(browser, server);
  await device.signIn();
  cookies = await device.context.cookies();
  await device.context.close();
});
test.afterAll(async () => {
  await server?.stop();
  await receiver.stop();
});

/** Corrects a transcript of one segment and divides it into three. */
async function correct(page: Page): Promise<void> {
  const transcript = new TranscriptPage(page);
  await transcript.edit.click();
  await transcript.segment(0).focus();
  await page.keyboard.press('Home');
  await page.keyboard.type('Well, ');
  for (const [at, next] of [' most of', ' nobody'].entries()) {
    const text = await transcript.segment(at).textContent();
    await transcript.segment(at).focus();
    await page.keyboard.press('Control+Home');
    for (let step = 0; step < (text ?? '').indexOf(next); step++)
      await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(transcript.segment(at + 1)).toBeFocused();
  }
  await transcript.edit.click();
}

/** Takes the run of the version that was published, and hands a model over. */
async function train(page: Page): Promise<void> {
  await expect.poll(() => receiver.jobs.length).toBe(1);
  const [job] = receiver.jobs;
  if (!job) throw new Error('No run was handed over.');
  const runs = page.getByRole('list', { name: 'Training runs' });
  const utterances = await job.utterances();
  expect(utterances.map(({ text }) => text).sort()).toEqual([
    expect.stringMatching(/^Well, /),
    expect.stringMatching(/^nobody/i),
  ]);
  const running = { state: 'running', progress: 0.5, message: 'Epoch 2 of 4' } as const;
  expect(await job.report(running)).toBe('running');
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(runs.getByRole('progressbar', { name: 'Training on v1' })).toBeVisible();
  const scores = { beforePercent: 25.4, afterPercent: 21.3, utterances: 2, words: 20 };
  expect(await job.deliver(scores)).toBe('done');
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(runs.getByRole('heading', { name: 'v1: done' })).toBeVisible();
  await expect(runs).toContainText('21.3 %, before 25.4 %');
}

/** Puts the trained model to use, makes a transcript with it, and goes back to the one before. */
async function useTrained({ context, page, home }: Device): Promise<void> {
  const runs = page.getByRole('list', { name: 'Training runs' });
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
  await page.getByRole('link', { name: 'Library' }).click();
  await home.add(audio('second.mp3'));
  await expect(home.link('second')).toBeVisible();
  const made = (await readTranscripts(page)).find(({ title }) => title === 'second');
  expect(made?.model?.id).toMatch(/^trained-v1-/);
  await models.open();
  // it ran on the known recording before
  await expect(trained).toContainText('is used on this device');

  await page.goto('/dataset');
  await goBack.click();
  await expect(use).toBeVisible();
  await models.open();
  await expect(models.item('Draft')).toContainText('In use');
  await expect(trained.getByRole('button', { name: 'Use', exact: true })).toBeEnabled();
}

const figure = (page: Page, name: string) => page.getByRole('figure', { name });

test('clips are given with consent, published, trained on, and withdrawn again', async ({
  browser,
}) => {
  const device = await Device.open(browser, server);
  const { page } = device;
  await device.restoreSession(cookies);
  await putTranscript(page, { title: TITLE, file: 'speech.flac' });
  await page.getByRole('link', { name: TITLE, exact: true }).click();
  await correct(page);

  const sent: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/dataset') && request.method() !== 'GET') sent.push(pathname);
  });
  await new TranscriptPage(page).more('Give to a training set');
  const dialog = page.getByRole('dialog', { name: 'Give to a training set' });
  const boxes = dialog.getByRole('list', { name: 'Clips to give' }).getByRole('checkbox');
  await expect(boxes).toHaveCount(3);
  for (const box of await dialog.getByRole('checkbox').all()) await expect(box).not.toBeChecked();
  for (const choice of await dialog.getByRole('radio').all())
    await expect(choice).not.toBeChecked();
  await expectAccessible(page, 'giving clips');

  // a clip can be played before it is given, and nothing of it leaves
  await dialog
    .getByRole('button', { name: /^Play the clip/ })
    .first()
    .click();
  await expect(dialog.getByRole('button', { name: 'Stop' })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Stop' })).toBeHidden();

  const give = dialog.getByRole('button', { name: 'Give', exact: true });
  await give.click();
  await expect(dialog.getByRole('alert')).toHaveText('Select at least one clip.');
  await boxes.nth(0).check();
  await boxes.nth(2).check();
  await give.click();
  await expect(dialog.getByRole('alert')).toHaveText('Choose a licence.');
  await dialog.getByRole('radio', { name: /^CC BY 4\.0/ }).check();
  await give.click();
  await expect(dialog.getByRole('alert')).toHaveText('Confirm all three statements.');
  for (const name of [/^I have the right/, /^Everyone who/, /nothing confidential/])
    await dialog.getByRole('checkbox', { name }).check();
  expect(sent).toEqual([]);
  await give.click();
  const given = dialog.getByRole('list', { name: 'Given from this transcript' });
  await expect(given.getByText('Given', { exact: true })).toHaveCount(2);
  await expect(boxes).toHaveCount(1);
  await expectAccessible(page, 'given clips');
  await dialog.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('link', { name: 'Training set' }).click();
  await expect(figure(page, 'Clips')).toContainText('2');
  await expect(figure(page, 'Speakers')).toContainText('1');
  await page.getByRole('button', { name: 'Publish version' }).click();
  await expect(page.getByText('Version v1 was published.')).toBeVisible();
  const versions = page.getByRole('list', { name: 'Versions' });
  await expect(versions.getByRole('heading', { name: 'v1' })).toBeVisible();
  await expect(versions).toContainText('2 clips');
  await train(page);
  await expectAccessible(page, 'the training set');
  await useTrained(device);
  await page.goto('/dataset');

  await page.getByRole('button', { name: /^Withdraw “Well/ }).click();
  await expect(figure(page, 'Clips')).toContainText('1');
  await page.getByRole('button', { name: 'Publish version' }).click();
  await expect(page.getByText('Version v2 was published.')).toBeVisible();
  await expect(versions.getByRole('heading')).toHaveText(['v2', 'v1']);
  await device.context.close();
});
