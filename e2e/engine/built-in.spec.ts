import { launchOptions } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { readTranscripts } from '../fixtures/store';
import { expect, freshTest as test } from '../fixtures/test';

// its weights are large: compiling the runtime well pays
test.use({ base: true, launchOptions });

test('on a first visit shows Draft’s words at once, then the large model’s sentences', async ({
  home,
  page,
  context,
  transcript,
}) => {
  let fetchIt: () => void = () => undefined;
  const wanted = new Promise<void>((resolve) => {
    fetchIt = resolve;
  });
  const fetched: string[] = [];
  await context.route('**/models/ai2text-base/**', async (route) => {
    fetched.push(new URL(route.request().url()).pathname);
    await wanted;
    await route.continue();
  });
  const models = async () => (await readTranscripts(page)).map(({ model }) => model?.id);

  await home.open();
  await home.add(audio('speech.flac'));
  await home.link('speech').click();
  await expect(transcript.text).toContainText(/most of the boats had already come/i);
  await expect(transcript.text).not.toContainText('.');
  await expect(page.getByText('replace them as soon as it is here')).toBeVisible();
  await transcript.title.fill('The pier');
  await transcript.title.press('Enter');

  fetchIt();
  await expect(transcript.text).toContainText('Most of the boats had already come home.');
  await expect.poll(models).toEqual(['ai2text-base']);
  await expect(transcript.title).toHaveValue('The pier');

  // each file once, by the page alone: the copy for use offline is without them
  expect(fetched).toHaveLength(new Set(fetched).size);
  expect(await page.evaluate(async () => (await fetch('/sw.js')).text())).not.toContain(
    '/models/ai2text-base/',
  );
});
