import { join } from 'node:path';
import { expectAccessible } from '../fixtures/accessibility';
import { HUB_ADDRESSES, offer } from '../fixtures/hub';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';
import { ModelsPage } from '../pages/models';

/** Two people, one after the other. */
const RECORDING = join(import.meta.dirname, '../../workers/segment/fixtures/two-speakers.flac');

/** Models with random weights: whose voice they take a word for means nothing, but it is somebody's. */
const SEGMENTATION = 'pyannote-changing-random';
const EMBEDDING = 'wespeaker-random';

test.use({ allowedRequests: HUB_ADDRESSES });

test('tells speakers apart by models from the hub, for another number at once; undone in one step', async ({
  page,
  home,
  transcript,
  hub,
}) => {
  await home.open();
  await home.add(RECORDING);
  await home.link('two-speakers').click();
  await expect(transcript.text).toContainText(/\w/);
  const stored = async () => {
    const { speakers = [], segments = [] } = (await readTranscripts(page))[0] ?? {};
    return { speakers, segments };
  };
  const wordsOf = ({ segments }: Awaited<ReturnType<typeof stored>>) =>
    segments.flatMap(({ words }) => words);
  const before = await stored();
  expect(wordsOf(before).length).toBeGreaterThan(10);

  // without a model it is said where there are some
  const dialog = page.getByRole('dialog', { name: 'Tell speakers apart' });
  await transcript.more('Tell speakers apart');
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(dialog.getByRole('alert')).toContainText('No model that tells voices apart');
  await dialog.getByRole('link', { name: 'Go to the models' }).click();

  const models = new ModelsPage(page);
  const section = page.getByRole('region', { name: 'Speaker labels' });
  for (const preset of [SEGMENTATION, EMBEDDING]) {
    await expect(section.getByText('Speakers can be labelled')).toHaveCount(0);
    await models.addRepository(offer(hub, preset));
    await expect(section.getByRole('heading', { name: preset })).toBeFocused();
    await models.button(preset, 'Download').click();
    await expect(models.item(preset)).toContainText('on this device');
    await expect(models.button(preset, 'Use')).toHaveCount(0);
  }
  await expect(section.getByText('Speakers can be labelled on this device.')).toBeVisible();

  await page.getByRole('link', { name: 'Library' }).click();
  await home.link('two-speakers').click();
  await transcript.more('Tell speakers apart');
  const count = dialog.getByRole('combobox', { name: 'How many people speak?' });
  await count.selectOption('2');
  await dialog.getByRole('button', { name: 'Start' }).click();
  const shares = dialog.getByRole('listitem');
  // it goes while the recording is processed: once, whatever number is asked for afterwards
  await expect(dialog.getByRole('status')).toBeVisible();
  const asked = await count.elementHandle();
  for (const wanted of [2, 1, 3, 2]) {
    await count.selectOption(String(wanted));
    const found = wanted === 1 ? '1 speaker was found.' : `${wanted} speakers were found.`;
    await expect(dialog.getByRole('status')).toHaveText(found);
    await expect(shares).toHaveCount(wanted);
  }
  expect(await asked?.evaluate((element) => element.isConnected)).toBe(true);
  await expectAccessible(page, 'speakers that were found');
  expect(await stored()).toEqual(before);
  await dialog.getByRole('button', { name: 'Use these labels' }).click();

  await expect.poll(async () => (await stored()).speakers).toHaveLength(2);
  const labelled = await stored();
  expect(labelled.speakers.map(({ name }) => name)).toEqual(['Speaker 1', 'Speaker 2']);
  expect([...new Set(labelled.segments.map(({ speakerId }) => speakerId))].sort()).toEqual(
    labelled.speakers.map(({ id }) => id).sort(),
  );
  expect(wordsOf(labelled)).toEqual(wordsOf(before));
  for (const { name } of labelled.speakers)
    await expect(
      page.getByRole('button', { name: `Speaker: ${name}. Change` }).first(),
    ).toBeVisible();

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('button', { name: /^Speaker: / })).toHaveCount(0);
  await expect.poll(stored).toEqual(before);
});
