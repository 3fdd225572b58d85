// npm run verify-model -- ID: downloads a published model from the hub, as a user does, and shows
// what each backend makes of the known clip. Needs a network; MODEL_HUB is respected.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, main, PlainError, root } from './lib/app.mjs';
import { openApp, readSetting } from './lib/app-browser.mjs';
import { withServedApp } from './lib/served-app.mjs';
import { tableLines } from './lib/table.mjs';
import { importTypeScript } from './lib/typescript.mjs';

const USAGE = 'Usage: npm run verify-model -- ID|OWNER/NAME [--backend wasm|webgpu]';

const BACKENDS = ['wasm', 'webgpu'];

/** A download that stands still for so long has failed. */
const IDLE_MS = 120_000;
/** Loading and running the known clip on a slow processor, or the first time on a GPU. */
const CHECK_MS = 600_000;
const POLL_MS = 500;

function readCommand() {
  let parsed;
  try {
    parsed = parseArgs({ allowPositionals: true, options: { backend: { type: 'string' } } });
  } catch (error) {
    throw new PlainError(`${error.message}\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  const [id, ...others] = positionals;
  const { backend } = values;
  if (!id || others.length > 0) throw new PlainError(USAGE);
  if (backend !== undefined && !BACKENDS.includes(backend)) throw new PlainError(USAGE);
  return { id, backends: backend ? [backend] : BACKENDS };
}

/** The catalogue's entry of a model. @throws {PlainError} when it lists no such model */
function entryOf(id, { models }) {
  const entry = models.find((model) => model.id === id);
  if (entry) return entry;
  const ids = models.map((model) => model.id).join(', ');
  throw new PlainError(`The catalogue has no model ${id}; it has ${ids}.`);
}

/** The model's place on the page; one of another repository is added first. */
async function openItem(page, url, id, name) {
  await page.goto(new URL('/models', url).href);
  const list = page.getByRole('list', { name: 'Models' });
  await page.locator('ul[aria-label="Models"][aria-busy="false"]').waitFor();
  if (name !== null) {
    const heading = page.getByRole('heading', { name, exact: true });
    return list.getByRole('listitem').filter({ has: heading });
  }
  const before = await list.getByRole('listitem').count();
  await page.getByRole('textbox', { name: 'Repository' }).fill(id);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const added = list.getByRole('listitem').nth(before);
  // the framework keeps an empty alert of its own on every page
  const problem = page.getByRole('alert').filter({ hasText: /\S/ }).first();
  await added.or(problem).first().waitFor();
  if (!(await added.isVisible())) throw new PlainError(await problem.textContent());
  return added;
}

/** Downloads the model and waits while bytes come. */
async function download(page, item) {
  const use = item.getByRole('button', { name: 'Use', exact: true });
  await item.getByRole('button', { name: 'Download', exact: true }).first().click();
  let seen = '';
  let movedMs = Date.now();
  while (!(await use.isEnabled())) {
    const problem = item.getByRole('alert');
    if (await problem.isVisible()) throw new PlainError(await problem.textContent());
    const bar = item.getByRole('progressbar');
    const now = (await bar.isVisible()) ? await bar.getAttribute('aria-valuetext') : '';
    if (now !== seen) {
      seen = now;
      movedMs = Date.now();
      if (now) console.log(`  ${now}`);
    } else if (Date.now() - movedMs > IDLE_MS)
      throw new PlainError(`The download stood still for ${IDLE_MS / 1000} s.`);
    await page.waitForTimeout(POLL_MS * 4);
  }
  return use;
}

/** Puts the model to use. @returns how its backends did on the known clip */
async function check(page, item, use) {
  const before = Object.keys((await readSetting(page, 'backendChoices')) ?? {});
  await use.click();
  const until = Date.now() + CHECK_MS;
  while (Date.now() < until) {
    const choices = (await readSetting(page, 'backendChoices')) ?? {};
    const made = Object.keys(choices).find((id) => !before.includes(id));
    if (made) return choices[made].trials;
    const problem = item.getByRole('alert');
    if (await problem.isVisible()) throw new PlainError(await problem.textContent());
    await page.waitForTimeout(POLL_MS);
  }
  throw new PlainError(`The known clip was not done after ${CHECK_MS / 1000} s.`);
}

/** One backend in a browser profile of its own. */
async function verify(url, { id, name, backend }) {
  const app = await openApp(url, { backend });
  try {
    const item = await openItem(app.page, url, id, name);
    return await check(app.page, item, await download(app.page, item));
  } finally {
    await app.close();
  }
}

await main(async () => {
  const { id, backends } = readCommand();
  ensureInstalled();
  const { wordErrorRate } = await importTypeScript('lib/asr/word-error-rate.ts');
  const catalogue = JSON.parse(readFileSync(join(root, 'public/models/catalogue.json'), 'utf8'));
  const entry = id.includes('/') ? null : entryOf(id, catalogue);
  const wanted = catalogue.models[0].knownClip.text;
  const rows = [];
  let failed = 0;
  await withServedApp(async (url) => {
    for (const backend of backends) {
      if (entry && !entry.backends[backend]) {
        rows.push([backend, 'not offered', '', '', '', '']);
        continue;
      }
      console.log(`${id} on ${backend}…`);
      try {
        for (const trial of await verify(url, { id, name: entry?.name ?? null, backend })) {
          const ms = (value) => (value === null ? '-' : `${value.toFixed(0)} ms`);
          const { outcome, loadMs, runMs, detail } = trial;
          // what a failed backend has is a reason, no text
          const rate =
            runMs === null ? '-' : `${(100 * wordErrorRate(wanted, detail)).toFixed(0)} %`;
          rows.push([trial.backend, outcome, ms(loadMs), ms(runMs), rate, detail]);
          if (outcome !== 'right') failed += 1;
        }
      } catch (error) {
        failed += 1;
        rows.push([backend, 'failed', '-', '-', '-', error.message.replace(/\s+/g, ' ')]);
      }
    }
  });
  console.log(`expected: ${wanted}`);
  if (!entry) console.log('A repository outside the list is right when it says anything.');
  const head = ['backend', 'outcome', 'load', 'run', 'WER', 'text'];
  for (const line of tableLines(head, rows)) console.log(line);
  if (failed > 0) process.exitCode = 1;
});
