import { type Hub, startHub } from '../scripts/lib/hub-server.mjs';
import { generate } from '../scripts/models/presets';
import { audio } from './fixtures/files';
import { MODEL_HUB_PORT } from './fixtures/hub';
import { readTranscripts } from './fixtures/store';
import { expect, test } from './fixtures/test';
import { ModelsPage } from './pages/models';

/** A model with random weights: what it says means nothing, but it says something. */
const NAME = 'whisper-tiny-random';
const REPOSITORY = `tests/${NAME}`;
const DECODER = 'onnx/decoder_model_merged.onnx';

/** The hub of this machine answers on its own port and, for large files, on another. */
test.use({ mayAsk: /^http:\/\/127\.0\.0\.1:\d+\// });

let hub: Hub;
test.beforeEach(async () => {
  hub = await startHub({ port: MODEL_HUB_PORT });
  for (const [path, bytes] of generate(NAME)) hub.put(REPOSITORY, path, bytes);
});
test.afterEach(() => hub.close());

test('lists the embedded model first, then those for download with what one wants to know', async ({
  page,
}) => {
  const models = new ModelsPage(page);
  await models.open();
  const [first, second] = await models.list.getByRole('listitem').all();
  await expect(first ?? models.list).toContainText(/AI2Text English.*In use/s);
  await expect(second ?? models.list).toContainText(/about \d+ MB · English · Apache-2\.0/);
  const base = models.item('Whisper Base, English');
  await expect(base).toContainText('LibriSpeech test-clean 4.3 %');
  await expect(base.getByRole('link')).toHaveAttribute(
    'href',
    'https://huggingface.co/onnx-community/whisper-base.en_timestamped',
  );
  await expect(models.button('Whisper Base, English', 'Download')).toBeEnabled();
  await expect(models.button('Whisper Base, English', 'Use')).toBeDisabled();
  await models.item('Whisper Base').getByText('More about it').click();
  await expect(models.item('Whisper Base')).toContainText(/Afrikaans.*Swedish.*Tibetan/s);
});

test.describe('with a copy of the app for use offline', () => {
  test.use({ serviceWorkers: 'allow' });

  test('a model is downloaded once, goes on after a reload, is used offline and deleted', async ({
    page,
    context,
    home,
  }) => {
    test.setTimeout(240_000);
    const models = new ModelsPage(page);
    await models.open();
    // slow enough to be looked at, and to be broken off
    hub.setFault(REPOSITORY, DECODER, { bytesPerSecond: 60_000 });
    await models.addRepository(REPOSITORY);
    await expect(page.getByRole('heading', { name: NAME, exact: true })).toBeFocused();
    await models.button(NAME, 'Download').click();
    await expect(models.progress(NAME)).toHaveAttribute('aria-valuetext', /B of .*B/);
    await expect
      .poll(() => models.progress(NAME).getAttribute('aria-valuenow').then(Number))
      // half of it is the encoder: the decoder is broken off in the middle
      .toBeGreaterThan(60);

    await page.reload();
    hub.setFault(REPOSITORY, DECODER, null);
    await expect(models.button(NAME, 'Use')).toBeEnabled({ timeout: 60_000 });
    await expect(page.getByText(`${NAME} is downloaded`)).toBeVisible();
    expect(hub.log.filter(({ range }) => /^bytes=[1-9]/.test(range ?? ''))).not.toEqual([]);
    expect(await models.storedBytes()).toBeGreaterThan(1_000_000);

    await models.button(NAME, 'Use').click();
    await expect(models.item(NAME)).toContainText('In use');
    await expect(page.getByRole('heading', { name: NAME, exact: true })).toBeFocused();
    // the check on the known recording
    await expect(models.item(NAME)).toContainText('is used on this device', { timeout: 90_000 });

    await page.getByRole('link', { name: 'Library' }).click();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await context.setOffline(true);
    await home.add(audio('speech.flac'));
    await expect(home.link('speech')).toBeVisible({ timeout: 60_000 });
    const [transcript] = await readTranscripts(page);
    expect(transcript?.model).toMatchObject({ id: NAME, backend: 'wasm' });
    expect(transcript?.segments.flatMap(({ words }) => words).length).toBeGreaterThan(0);
    await context.setOffline(false);

    await models.open();
    await models.delete(NAME);
    await expect(page.getByText('The model that comes with the app is used again')).toBeVisible();
    await expect(models.item(NAME)).toHaveCount(0);
    await expect(models.item('AI2Text English (starter)')).toContainText('In use');
    await expect.poll(() => models.storedBytes()).toBeLessThan(10_000);
  });
});

test('a paused download keeps what has come and is resumed', async ({ page }) => {
  const models = new ModelsPage(page);
  await models.open();
  hub.setFault(REPOSITORY, DECODER, { bytesPerSecond: 60_000 });
  await models.addRepository(REPOSITORY);
  await models.button(NAME, 'Download').click();
  await expect(models.progress(NAME)).toHaveAttribute('aria-valuenow', /^[1-9]/);
  await models.button(NAME, 'Pause').click();
  await expect(models.item(NAME)).toContainText(/Paused at .* of/);
  hub.setFault(REPOSITORY, DECODER, null);
  await models.button(NAME, 'Resume').click();
  await expect(models.button(NAME, 'Use')).toBeEnabled({ timeout: 60_000 });
});

test('a download that fails says why, and Retry goes on', async ({ page }) => {
  test.setTimeout(180_000);
  const models = new ModelsPage(page);
  await models.open();
  await models.addRepository(REPOSITORY);
  hub.setFault(REPOSITORY, DECODER, { status: 404 });
  await models.button(NAME, 'Download').click();
  await expect(models.alert(NAME)).toContainText(/no longer has these files/, { timeout: 60_000 });
  hub.setFault(REPOSITORY, DECODER, { wrongBytes: true });
  await models.button(NAME, 'Retry').click();
  await expect(models.alert(NAME)).toContainText(/not the one that the repository lists/, {
    timeout: 60_000,
  });
  await expect(models.button(NAME, 'Use')).toBeDisabled();
  hub.setFault(REPOSITORY, DECODER, null);
  await models.button(NAME, 'Retry').click();
  await expect(models.button(NAME, 'Use')).toBeEnabled({ timeout: 60_000 });
  await expect(models.alert(NAME)).toHaveCount(0);
});

test('a model that does not fit says how much room is missing, before anything is fetched', async ({
  page,
}) => {
  const models = new ModelsPage(page);
  // Chromium tells every site of 10 GiB, whatever there is
  await page.addInitScript(() => {
    StorageManager.prototype.estimate = async () => ({ usage: 1_000_000, quota: 1_200_000 });
  });
  await models.open();
  await models.addRepository(REPOSITORY);
  await models.button(NAME, 'Download').click();
  await expect(models.alert(NAME)).toContainText(/needs 1\.\d MB, and 200 KB are free/);
  expect(hub.log.filter(({ at }) => at === 'cdn')).toEqual([]);
});

test('a download on a full disk keeps what has come and goes on when there is room', async ({
  page,
  context,
  baseURL,
}) => {
  const models = new ModelsPage(page);
  const devtools = await context.newCDPSession(page);
  const origin = new URL(baseURL ?? '').origin;
  await models.open();
  await models.addRepository(REPOSITORY);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_200_000 });
  await models.button(NAME, 'Download').click();
  await expect(models.alert(NAME)).toContainText(/is full.*B of 1\.\d MB are here/);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await models.button(NAME, 'Retry').click();
  await expect(models.button(NAME, 'Use')).toBeEnabled({ timeout: 60_000 });
});

test('what cannot be added is told beside the field', async ({ page }) => {
  const models = new ModelsPage(page);
  await models.open();
  await models.addRepository('not a repository');
  await expect(page.getByText('This is not the name of a repository.')).toBeVisible();
  await models.addRepository('nobody/nothing');
  await expect(page.getByText('There is no such repository')).toBeVisible();
  hub.put('tests/pictures', 'README.md', new TextEncoder().encode('No speech here.'));
  await models.addRepository('tests/pictures');
  await expect(page.getByText('This is not a model that the app can run.')).toBeVisible();
});

test('a folder of model files is used without the hub, and its language can be chosen', async ({
  page,
}) => {
  const models = new ModelsPage(page);
  await models.open();
  const files = [...generate(NAME)].map(([path, bytes]) => ({
    name: path.split('/').at(-1) ?? path,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(bytes),
  }));
  // Playwright cannot give a folder by content: the files are given as such
  const chooser = page.getByLabel('Choose a folder of model files');
  await chooser.evaluate((input: HTMLInputElement) => {
    input.webkitdirectory = false;
  });
  await chooser.setInputFiles(files);
  const added = models.list.getByRole('listitem').filter({ hasText: 'added by you' });
  await expect(added.getByRole('button', { name: 'Use', exact: true })).toBeEnabled();
  await added.getByRole('button', { name: 'Use', exact: true }).click();
  await expect(added).toContainText('In use');
  expect(hub.log).toEqual([]);

  await page.goto('/settings');
  const language = page.getByRole('combobox', { name: 'Language' });
  await expect(language).toHaveValue('');
  await language.selectOption({ label: 'German' });
  await page.getByRole('checkbox', { name: 'Translate into English' }).check();
  await page.reload();
  await expect(language).toHaveValue('de');
  await expect(page.getByRole('checkbox', { name: 'Translate into English' })).toBeChecked();
});
