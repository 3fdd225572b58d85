import { launchOptions } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { expect, freshTest as test } from '../fixtures/test';
import { HomePage } from '../pages/home';

// a name that is not localhost: browsers give such a page no isolation, no WebCodecs, no locks and
// no private storage, as when another machine is visited over plain http
const HOST = 'recorder.test';

test.use({
  launchOptions: {
    ...launchOptions,
    args: [...launchOptions.args, `--host-resolver-rules=MAP ${HOST} localhost`],
  },
  baseURL: `http://${HOST}:${process.env.E2E_PORT ?? 3210}`,
});

test('says that sharing needs a secure page, to who shares and to who reads', async ({
  page,
  transcript,
}) => {
  const home = new HomePage(page);
  await home.open();
  await home.add(audio('second.mp3'));
  await home.link('second').click({ timeout: 60_000 });
  await expect(transcript.text).toBeVisible();
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Share' })).toContainText(/only on pages .* https/);
  await page.goto('/s/AAECAwQFBgcICQoLDA0ODw#k=Dw4NDAsKCQgHBgUEAwIBAA');
  await expect(page.getByRole('heading', { name: /needs a secure connection/ })).toBeVisible();
});
