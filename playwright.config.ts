import { defineConfig } from '@playwright/test';
import { launchOptions } from './e2e/fixtures/chromium';
import { MODEL_HUB } from './e2e/fixtures/hub';

const PORT = 3210;
const report = process.env.E2E_REPORT;

/** End-to-end tests against the production build, one at a time: the app uses every core itself. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  forbidOnly: !!process.env.CI,
  reporter: report ? [['list'], ['json', { outputFile: report }]] : [['list']],
  outputDir: 'test-results',
  use: {
    baseURL: `http://localhost:${PORT}`,
    trace: 'retain-on-failure',
    launchOptions,
  },
  webServer: {
    command: `node scripts/start.mjs`,
    url: `http://localhost:${PORT}`,
    env: { PORT: String(PORT), HOSTNAME: 'localhost', MODEL_HUB },
    reuseExistingServer: !process.env.CI,
    timeout: 300_000,
  },
});
