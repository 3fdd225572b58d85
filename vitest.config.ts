import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { webGpuLaunchOptions } from './e2e/fixtures/chromium.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
/** The app's own isolation headers: threads and back-pressure are tested as they run for users. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
/** A model hub for tests, with faults at will. */
const HUB = 'scripts/lib/hub-setup.mjs';

export default defineConfig({
  resolve: { alias: { '@': root.replace(/\/$/, '') } },
  server: { headers: isolation },
  worker: { format: 'es' },
  optimizeDeps: { exclude: ['onnxruntime-web'], include: ['mediabunny', 'fast-check', 'idb'] },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{lib,app,workers,scripts}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.browser.test.ts'],
          environment: 'node',
          globalSetup: HUB,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['{lib,workers}/**/*.browser.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          globalSetup: HUB,
          // one page at a time: two cores, and the workers under test use both
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: webGpuLaunchOptions,
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
