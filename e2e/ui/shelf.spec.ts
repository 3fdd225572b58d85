import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generate } from '../../tools/random-models/presets';
import { AppServer } from '../fixtures/app-server';
import { expect, test } from '../fixtures/test';
import { ModelsPage } from '../pages/models';

const server = new AppServer();
test.beforeAll(() => server.start());
test.afterAll(() => server.stop());

test('lists a model of the server first, downloads it from there alone, and uses it', async ({
  browser,
}) => {
  const folder = join(server.dataDir, 'given', 'ward-7');
  for (const [path, bytes] of generate('whisper-tiny-random')) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  // while the server runs, as its operator would
  execFileSync('node', ['tools/run.mjs', 'tools/models/models.ts', 'add', folder], {
    env: { ...process.env, DATA_DIR: server.dataDir },
  });

  const context = await browser.newContext({ baseURL: server.url, serviceWorkers: 'block' });
  const page = await context.newPage();
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url()));
  const models = new ModelsPage(page);
  await models.open();
  const shelf = page.getByRole('region', { name: 'On this server' });
  await expect(page.getByRole('main').getByRole('list').first()).toHaveAccessibleName(
    'Models on this server',
  );
  await shelf.getByRole('button', { name: 'Download' }).click();
  const use = shelf.getByRole('button', { name: 'Use', exact: true });
  await expect(use).toBeEnabled();
  await use.click();
  await expect(shelf.getByRole('listitem')).toContainText('In use');
  const files = asked.filter((url) => url.includes('/resolve/'));
  expect(files.length).toBeGreaterThan(0);
  expect(asked.filter((url) => !url.startsWith(server.url) && /^http/.test(url))).toEqual([]);
  await context.close();
});
