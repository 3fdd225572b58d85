// The app in a headless Chromium with a profile of its own, and what tools do with it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import type { Settings } from '../../lib/client/store/schema';
import type { Backend } from '../../lib/engine/types';
import { onInterrupt, throwIfInterrupted } from '../command/interrupt';
import { CHROMIUM_ARGS, findChromium } from './chromium';
import { storeSettings } from './stored';

/** Time for the page to load and read its store. */
const READY_MS = 60_000;

/** Backends that need no GPU run without one; `webgpu` may use a software adapter. */
const WEBGPU_ARGS = ['--enable-unsafe-webgpu'];

/** Settings to start with. */
export interface AppChoice {
  backend?: Backend | undefined;
  modelId?: string | undefined;
  vocabulary?: string[] | undefined;
  /** A WAV file that a fake microphone plays again and again, without asking. */
  microphone?: string | undefined;
}

/** The app in a browser of its own. */
export interface AppBrowser {
  context: BrowserContext;
  page: Page;
  /** Path of the browser's profile. */
  profile: string;
  close(): Promise<void>;
}

/**
 * Starts Chromium with a new profile on disk: a private window would keep every stored file in
 * memory.
 * @param url of the served app
 */
export async function openApp(url: string, choice: AppChoice = {}): Promise<AppBrowser> {
  const { chromium } = await import('@playwright/test');
  const executablePath = await findChromium();
  const stopListening = onInterrupt(close);
  const profile = mkdtempSync(join(tmpdir(), 'ai2text-profile-'));
  const launching = chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [
      ...CHROMIUM_ARGS,
      ...(choice.backend === 'webgpu' ? WEBGPU_ARGS : []),
      ...(choice.microphone ? fakeMicrophone(choice.microphone) : []),
    ],
    // theirs would end the command before the profile is gone
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  let closing: Promise<void> | null = null;
  function close(): Promise<void> {
    closing ??= (async () => {
      try {
        await (await launching).close();
      } finally {
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
        stopListening();
      }
    })();
    return closing;
  }
  try {
    const context = await launching;
    await addPageHelpers(context);
    const page = context.pages()[0] ?? (await context.newPage());
    await ready(page, url);
    const settings = settingsOf(choice);
    if (Object.keys(settings).length > 0) {
      await storeSettings(page, settings);
      await ready(page, url);
    }
    // else the first recordings would be Draft's
    await page.locator('html[data-model]').waitFor({ state: 'attached', timeout: READY_MS });
    return { context, page, profile, close };
  } catch (error) {
    await close();
    throwIfInterrupted();
    throw error;
  }
}

function settingsOf({ backend, modelId, vocabulary }: AppChoice): Partial<Settings> {
  return {
    ...(backend === undefined ? {} : { backend }),
    ...(modelId === undefined ? {} : { modelId }),
    ...(vocabulary === undefined ? {} : { vocabulary }),
  };
}

/** Flags for a microphone that plays a WAV file and for a browser that lets every page have it. */
function fakeMicrophone(path: string): string[] {
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-audio-capture=${path}`,
  ];
}

/** Loads the start page and waits until it takes files. */
export async function ready(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: READY_MS });
}

/** Gives files to the page as a user does. */
export async function addFiles(page: Page, paths: readonly string[]): Promise<void> {
  await page.getByLabel('Choose audio or video files').setInputFiles([...paths]);
}

declare global {
  /** In pages that tools drive: what a request to a database gives. */
  function requested<T>(request: IDBRequest<T>): Promise<T>;
}

/** Runs in the page. */
function install(): void {
  Object.assign(globalThis, {
    requested: (request: IDBRequest) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      }),
  });
}

/**
 * Gives every page of a browser what the functions need that tools evaluate there: `requested`, and the
 * function in which tsx has esbuild wrap each one that has a name.
 */
async function addPageHelpers(context: BrowserContext): Promise<void> {
  await context.addInitScript({
    content: `globalThis.__name = (value) => value; (${install})();`,
  });
}
