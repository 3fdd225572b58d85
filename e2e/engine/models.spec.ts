import { generate } from '../../tools/random-models/presets';
import { expectAccessible } from '../fixtures/accessibility';
import { HUB_ADDRESSES, offer } from '../fixtures/hub';
import { putTranscript } from '../fixtures/seeded-transcript';
import { ENGINE_FILES, expect, test } from '../fixtures/test';
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

test('a voice model that the user adds tells speakers apart: cancelled, counted, used and undone', async ({
  context,
  home,
  hub,
  page,
  transcript,
}) => {
  const name = 'wespeaker-random';
  const models = new ModelsPage(page);
  await models.open();
  await models.addRepository(offer(hub, name));
  await models.button(name, 'Download').click();
  await expect(models.button(name, 'Delete')).toBeVisible();
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  await home.link('speech').click();
  await expect(transcript.text).toContainText('heavy rain');

  const dialog = page.getByRole('dialog', { name: 'Tell speakers apart' });
  const count = dialog.getByRole('combobox', { name: 'How many people speak?' });
  // cancelled while the runtime of the model is still being fetched
  await context.route(ENGINE_FILES, () => undefined);
  await transcript.more('Tell speakers apart');
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(
    dialog.getByRole('progressbar', { name: 'Listening to the recording' }),
  ).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await context.unroute(ENGINE_FILES);

  await transcript.more('Tell speakers apart');
  await count.selectOption('2');
  await dialog.getByRole('button', { name: 'Start' }).click();
  const found = dialog.getByRole('status');
  await expect(found).toHaveText('2 speakers were found.');
  await expectAccessible(page, 'speakers that were told apart');
  // from what was heard already
  await count.selectOption('1');
  await expect(found).toHaveText('1 speaker was found.');
  await count.selectOption('2');
  await expect(found).toHaveText('2 speakers were found.');
  await expect(dialog.getByRole('listitem')).toHaveText([/^Speaker 1: /, /^Speaker 2: /]);
  await dialog.getByRole('button', { name: 'Use these labels' }).click();
  for (const number of [1, 2])
    await expect(
      page.getByRole('button', { name: `Speaker: Speaker ${number}. Change` }).first(),
    ).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('button', { name: /^Speaker: / })).toHaveCount(0);
});
