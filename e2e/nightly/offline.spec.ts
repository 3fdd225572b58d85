import { audio } from '../fixtures/files';
import { textOf } from '../fixtures/store';
import { expect, freshTest as test } from '../fixtures/test';

test.use({ serviceWorkers: 'allow' });

test('transcribes with the network off once the page has loaded', async ({
  home,
  page,
  context,
}) => {
  await home.open();
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  await home.add(audio('speech-opus.ogg'));
  await expect(home.link('speech-opus')).toBeVisible();
  expect(await textOf(page, 'speech-opus')).toMatch(/heavy rain/i);
});
