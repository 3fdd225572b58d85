import { soundWav } from '../../tools/audio/media-files';
import { SOUNDS } from '../../tools/audio/sounds';
import { launchOptions } from '../fixtures/chromium';
import { readTranscripts } from '../fixtures/store';
import { expect, freshTest as test } from '../fixtures/test';

const SECONDS = 1800;

// the large model is the one that may invent something
test.use({ base: true, launchOptions });

test('finds no words in half an hour without speech, whatever the noise', async ({
  home,
  page,
  tempFiles,
}) => {
  await home.open();
  await page.locator('html[data-model="ai2text-base"]').waitFor({ timeout: 120_000 });
  const names = Object.keys(SOUNDS) as (keyof typeof SOUNDS)[];
  for (const name of names)
    await home.add(tempFiles.write(`${name}.wav`, soundWav(SOUNDS[name](SECONDS))));
  for (const name of names)
    await expect(home.alert(`${name}.wav`), name).toContainText(
      'No speech found. Looked at 30 min of sound',
      { timeout: 500_000 },
    );
  for (const { segments, source } of await readTranscripts(page))
    expect.soft(segments.map(({ text }) => text).join(' '), source.name).toBe('');
});
