import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { launchOptions } from './e2e/fixtures/chromium';
import { MODEL_HUB } from './e2e/fixtures/hub';

/** Several checkouts on one machine can run their tests beside each other. */
const PORT = Number(process.env.E2E_PORT ?? 3210);
const report = process.env.E2E_REPORT;

/** End-to-end tests against the production build, one at a time: the app uses every core itself. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  workers: 1,
  // the model is loaded anew in each page: seconds on most machines, many where memory is dear
  timeout: 180_000,
  expect: { timeout: 45_000 },
  forbidOnly: !!process.env.CI,
  // two cores that compute and show at once: one that comes too late is tried once more, and told as flaky
  retries: process.env.CI ? 1 : 0,
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
  webServer: {
    command: `node scripts/start.mjs`,
    url: `http://localhost:${PORT}`,
    env: {
      PORT: String(PORT),
      HOSTNAME: 'localhost',
      MODEL_HUB,
      // not the accounts of whoever runs the tests
      DATA_DIR: join(tmpdir(), 'ai2text-e2e-data'),
    },
    reuseExistingServer: !process.env.CI,
    timeout: 300_000,
  },
});
