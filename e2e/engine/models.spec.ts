import { generate } from '../../tools/random-models/presets';
import { HUB_ADDRESSES, offer } from '../fixtures/hub';
import { expect, test } from '../fixtures/test';
import { ModelsPage } from '../pages/models';

/** A model with random weights: what it says means nothing, but it says something. */
const NAME = 'whisper-tiny-random';
const DECODER = 'onnx/decoder_model_merged.onnx';

test.use({ allowedRequests: HUB_ADDRESSES });

test('lists the built-in models first, then those for download with size, languages and licence', async ({
  page,
}) => {
  const models = new ModelsPage(page);
  await models.open();
  const [builtIn, draft, published] = await models.list.getByRole('listitem').all();
  await expect(builtIn ?? models.list).toContainText(
    /^Base.*\d+ MB · 99 languages · MIT.*Built in/s,
  );
  await expect(draft ?? models.list).toContainText(/^Draft.*In use/s);
  await expect(published ?? models.list).toContainText(/about \d+ MB · English · Apache-2\.0/);
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

test('resumes a paused download without fetching anything twice', async ({ page, hub }) => {
  const repository = offer(hub, NAME);
  const models = new ModelsPage(page);
  await models.open();
  hub.setFault(repository, DECODER, { bytesPerSecond: 60_000 });
  await models.addRepository(repository);
  await models.button(NAME, 'Download').click();
  await expect(models.progress(NAME)).toHaveAttribute('aria-valuenow', /^[1-9]/);
  await models.button(NAME, 'Pause').click();
  await expect(models.item(NAME)).toContainText(/Paused at .* of/);
  hub.setFault(repository, DECODER, null);
  await models.button(NAME, 'Resume').click();
  await expect(models.button(NAME, 'Use')).toBeEnabled();
});

test('says beside the field why a repository cannot be added', async ({ page, hub }) => {
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

test('uses a folder of model files without the hub; its language can be chosen', async ({
  page,
  hub,
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
  // nobody knows what it should have made of the test recording
  await expect(added).toContainText(/WASM opens the model and gives a text, in .*was not checked/s);
  await expect(added).not.toContainText('right text');
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
