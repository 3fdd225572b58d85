// One headless Chromium of the comparison, with a profile of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHROMIUM_ARGS, findChromium } from '../../browser/chromium.mjs';
import { browserCpuMs, browserMemoryMb, canMeasureMemory } from '../process-memory.mjs';

const READY_MS = 60_000;
/** One call of a worker. */
const CALL_MS = 240_000;
/** Memory is read so often while something runs. */
const EVERY_MS = 400;
/** The least of these readings is what is held. */
const READINGS = 5;

/** Garbage is collected before memory is read; WebGPU may run without a GPU. */
const ARGS = [...CHROMIUM_ARGS, '--enable-unsafe-webgpu', '--js-flags=--expose-gc'];

/**
 * Opens the comparison's page.
 * @param {string} url
 */
export async function openPeersPage(url) {
  const { chromium } = await import('@playwright/test');
  const profile = mkdtempSync(join(tmpdir(), 'ai2text-peers-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await findChromium(),
    headless: true,
    args: ARGS,
  });
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    const problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(url);
    await page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: READY_MS });
    return { problems, ...callsOf(page), memory: memoryOf(profile), cpuMs: cpuOf(profile), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function callsOf(page) {
  return {
    /** @throws {Error} when the worker does, or after `timeoutMs` */
    call: (worker, method, params, timeoutMs = CALL_MS) => {
      const answer = page.evaluate(
        (call) => globalThis.callWorker(...call),
        [worker, method, params],
      );
      return within(timeoutMs, `${worker} ${method}`, answer);
    },
    describeGpu: () =>
      within(
        READY_MS,
        'the GPU',
        page.evaluate(() => globalThis.describeGpu()),
      ),
  };
}

/** Processor time so far; `null` where it cannot be read. */
function cpuOf(profile) {
  return () => (canMeasureMemory() ? browserCpuMs(profile) : null);
}

function memoryOf(profile) {
  const pause = (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    });
  return {
    canMeasure: canMeasureMemory(),
    /** MB when nothing runs. */
    async heldMb() {
      let least = Number.POSITIVE_INFINITY;
      for (let at = 0; at < READINGS; at++) {
        await pause(EVERY_MS);
        least = Math.min(least, browserMemoryMb(profile));
      }
      return least;
    },
    /** The most MB while `work` runs. */
    async peakMb(work) {
      let peak = browserMemoryMb(profile);
      const timer = setInterval(() => {
        peak = Math.max(peak, browserMemoryMb(profile));
      }, EVERY_MS);
      try {
        await work();
      } finally {
        clearInterval(timer);
      }
      return peak;
    },
  };
}

async function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${ms / 1000} s.`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
