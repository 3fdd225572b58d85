import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { engineLaunchOptions, launchOptions } from './e2e/fixtures/chromium';
import { MODEL_HUB } from './e2e/fixtures/hub';

/** Several checkouts on one machine can run their tests beside each other. */
const PORT = Number(process.env.E2E_PORT ?? 3210);
const report = process.env.E2E_REPORT;

/** The accounts of the server under test: of its own, and gone when it is started again. */
const DATA_DIR = process.env.E2E_DATA_DIR ?? mkdtempSync(join(tmpdir(), 'ai2text-e2e-data-'));
// Playwright's processes read this file, too: they have the folder of the first
process.env.E2E_DATA_DIR = DATA_DIR;
process.once('exit', () => {
  if (!process.env.TEST_WORKER_INDEX) rmSync(DATA_DIR, { recursive: true, force: true });
});

const projects = {
  /**
   * From sound to words. One at a time: the app uses every core itself, but while a recording runs it waits.
   * First, so that the tests of pages run beside it.
   */
  engine: { testDir: 'e2e/engine', workers: 1, use: { launchOptions: engineLaunchOptions } },
  /** Pages on stored transcripts: no model is loaded. */
  ui: { testDir: 'e2e/ui', use: { engine: false } },
  /** What takes minutes: `npm run test:nightly`. */
  nightly: { testDir: 'e2e/nightly', workers: 1, timeout: 600_000 },
};

/** End-to-end tests against the production build. */
export default defineConfig<{ engine: boolean }>({
  testMatch: '*.spec.ts',
  workers: 2,
  // hangs end here; what a busy machine needs is no failure
  timeout: 300_000,
  expect: { timeout: 60_000 },
  forbidOnly: !!process.env.CI,
  // a test that fails now and then is a fault to find
  retries: 0,
  reporter: report ? [['list'], ['json', { outputFile: report }]] : [['list']],
  outputDir: 'test-results',
  use: {
    baseURL: `http://localhost:${PORT}`,
    // recording every step of every test takes as long as some of the tests
    trace: process.env.E2E_TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    // a first visit keeps a hundred megabytes for later beside the test; those about it allow it
    serviceWorkers: 'block',
    launchOptions,
  },
  projects: Object.entries(projects).map(([name, project]) => ({ name, ...project })),
  webServer: {
    command: 'node tools/run.mjs tools/start.ts',
    url: `http://localhost:${PORT}`,
    env: { PORT: String(PORT), HOSTNAME: 'localhost', MODEL_HUB, DATA_DIR },
    reuseExistingServer: !process.env.CI,
    timeout: 300_000,
  },
});
