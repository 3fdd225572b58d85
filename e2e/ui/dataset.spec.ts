import type { Cookie, Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessibility';
import { AppServer } from '../fixtures/app-server';
import { putTranscript } from '../fixtures/seeded-transcript';
import { expect, test } from '../fixtures/test';
import { TrainingReceiver } from '../fixtures/training-receiver';
import { correct, train, trainingRuns } from '../pages/dataset';
import { Device } from '../pages/device';
import { TranscriptPage } from '../pages/transcript';

const receiver = new TrainingReceiver();
let server: AppServer;
let cookies: Cookie[] = [];
const TITLE = 'Weather report';

test.beforeAll(async ({ browser }) => {
  server = new AppServer(await receiver.start());
  await server.setUp(await server.start());
  // only once: sign-ins are rate-limited
  const device = await Device.open(browser, server);
  await device.signIn();
  cookies = await device.context.cookies();
  await device.context.close();
});
test.afterAll(async () => {
  await server?.stop();
  await receiver.stop();
});

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
  await train(page, receiver);
  await expectAccessible(page, 'the training set');
  const runs = trainingRuns(page);
  await runs.getByRole('button', { name: 'Use the model trained on v1' }).click();
  await runs.getByRole('button', { name: 'Go back to the model before' }).click();
  await expect(runs.getByRole('button', { name: 'Use the model trained on v1' })).toBeVisible();

  await page.getByRole('button', { name: /^Withdraw “Well/ }).click();
  await expect(figure(page, 'Clips')).toContainText('1');
  await page.getByRole('button', { name: 'Publish version' }).click();
  await expect(page.getByText('Version v2 was published.')).toBeVisible();
  await expect(versions.getByRole('heading')).toHaveText(['v2', 'v1']);
  await device.context.close();
});
