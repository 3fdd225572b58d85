import { fileURLToPath } from 'node:url';
import type { LaunchOptions } from '@playwright/test';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import {
  engineLaunchOptions,
  fakeMicrophone,
  webGpuLaunchOptions,
} from './e2e/fixtures/chromium.ts';

const root = fileURLToPath(new URL('./', import.meta.url));
/** The app's own isolation headers: threads and back-pressure are tested as they run for users. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
/** A model hub for tests, with faults at will. */
const HUB = 'tools/services/hub-setup.ts';
const KERNELS = 'tools/app/kernels-setup.ts';
/**
 * What the server's tests run on. `SERVER_BACKENDS=embedded` (the default): PGlite and a directory;
 * `SERVER_BACKENDS=services`: PostgreSQL and Ceph's S3 gateway, which are started, and installed when
 * they are missing. `npm test` runs all of them on what is embedded and those of databases and objects
 * on services; `npm run test:nightly` runs all of them on services.
 */
const SERVER = 'tools/services/setup.ts';

/** Tests that run in a page of Chromium. */
function inBrowser(
  name: string,
  include: string[],
  options: LaunchOptions,
): TestProjectConfiguration {
  const launchOptions = { ...options, args: [...(options.args ?? []), ...fakeMicrophone()] };
  return {
    extends: true,
    test: {
      name,
      include,
      testTimeout: 60_000,
      hookTimeout: 60_000,
      // one second, which is vitest's own, passes in a busy browser before anything has begun
      expect: { poll: { timeout: 20_000 } },
      globalSetup: [KERNELS, HUB],
      // a page waits for its worker most of the time: two of them use both cores; a GPU is used by one
      fileParallelism: name === 'browser',
      maxWorkers: 2,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions }),
        instances: [{ browser: 'chromium' }],
      },
    },
  };
}

export default defineConfig({
  resolve: {
    alias: {
      '@': root.replace(/\/$/, ''),
      // it throws unless a server component's bundler asks for it
      'server-only': `${root}node_modules/server-only/empty.js`,
    },
  },
  server: { headers: isolation },
  worker: { format: 'es' },
  optimizeDeps: {
    exclude: ['onnxruntime-web'],
    // what is found only while a test runs is bundled then, and what was loaded before is gone
    include: [
      'mediabunny',
      '@mediabunny/flac-encoder',
      '@huggingface/tokenizers',
      '@noble/hashes/legacy.js',
      'fast-check',
      'idb',
      'fake-indexeddb/auto',
      'docx',
      'mammoth',
      '@zip.js/zip.js',
    ],
  },
  test: {
    // not `setImmediate`: by it fake-indexeddb runs what another file has left behind in the same worker,
    // and a database whose step was lost never opens again
    fakeTimers: {
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{lib,app,workers,tools,training}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.{browser,gpu,server,process}.test.ts'],
          environment: 'node',
          // vitest would leave one core to itself, and hardly use it
          maxWorkers: '100%',
          // with every core at work a step takes longer
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // a worker opens ONNX Runtime and transformers.js once: that halves the time of the whole.
          // So a test takes back what it changes outside its file (globals, mocks); databases begin empty.
          isolate: false,
          globalSetup: [KERNELS, HUB],
          setupFiles: ['lib/client/store/test-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['{lib/server,app/api}/**/*.server.test.ts'],
          environment: 'node',
          maxWorkers: '100%',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // a worker opens one database, which its tests empty
          isolate: false,
          globalSetup: [SERVER],
          setupFiles: ['lib/server/testing/test-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'process',
          // commands and the built server, as processes of their own
          include: ['{tools,lib}/**/*.process.test.ts'],
          environment: 'node',
          maxWorkers: '100%',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      inBrowser('browser', ['{lib,workers}/**/*.browser.test.ts'], engineLaunchOptions),
      // on a software adapter: right, and slow. `npm run test:nightly` runs them
      inBrowser('gpu', ['{lib,workers}/**/*.gpu.test.ts'], webGpuLaunchOptions),
    ],
  },
});
