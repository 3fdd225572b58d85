// One headless Chromium of the comparison, with a profile of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { CHROMIUM_ARGS, findChromium } from '../../browser/chromium';
import { browserCpuMs, browserMemoryMb, canMeasureMemory } from '../process-memory';
import type { GpuFacts, Method, Methods } from './protocol';

const READY_MS = 60_000;
/** One call of a worker. */
const CALL_MS = 240_000;
/** Memory is read so often while something runs. */
const EVERY_MS = 400;
/** The least of these readings is what is held. */
const READINGS = 5;

/** Garbage is collected before memory is read; WebGPU may run without a GPU. */
const ARGS = [...CHROMIUM_ARGS, '--enable-unsafe-webgpu', '--js-flags=--expose-gc'];

/** The comparison's page in a browser of its own. */
export interface PeersPage {
  /** What it said was wrong. */
  problems: readonly string[];
  /** @throws {Error} when the worker does, or after some minutes */
  call<M extends Method>(
    worker: string,
    method: M,
    params: Methods[M]['params'],
  ): Promise<Methods[M]['result']>;
  /** What WebGPU runs on; `null`: on nothing. */
  describeGpu(): Promise<GpuFacts | null>;
  /** MB when nothing runs. */
  heldMb(): Promise<number>;
  /** The most MB while `work` runs. */
  peakMb(work: () => Promise<void>): Promise<number>;
  /** Processor time so far; 0 where it cannot be read. */
  cpuMs(): number;
  close(): Promise<void>;
}

/** Opens the comparison's page. */
export async function openPeersPage(url: string): Promise<PeersPage> {
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
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(url);
    await page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: READY_MS });
    return {
      problems,
      call: (worker, method, params) => callWorker(page, worker, method, params),
      describeGpu: () =>
        within(
          READY_MS,
          'the GPU',
          page.evaluate(() => globalThis.describeGpu()),
        ),
      heldMb: () => heldMb(profile),
      peakMb: (work) => peakMb(profile, work),
      cpuMs: () => (canMeasureMemory() ? browserCpuMs(profile) : 0),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function callWorker<M extends Method>(
  page: Page,
  worker: string,
  method: M,
  params: Methods[M]['params'],
): Promise<Methods[M]['result']> {
  const answer = page.evaluate(
    (call) => globalThis.callWorker(call.worker, call.method, call.params),
    { worker, method, params },
  );
  // a worker answers each method with its own result
  return within(CALL_MS, `${worker} ${method}`, answer as Promise<Methods[M]['result']>);
}

async function heldMb(profile: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < READINGS; at++) {
    await sleep(EVERY_MS);
    least = Math.min(least, browserMemoryMb(profile));
  }
  return least;
}

async function peakMb(profile: string, work: () => Promise<void>): Promise<number> {
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
}

async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  const controller = new AbortController();
  const late = sleep(ms, null, { signal: controller.signal }).then(() => {
    throw new Error(`${what} took more than ${ms / 1000} s.`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    controller.abort();
    // it was stopped, and that is not a failure
    late.catch(() => undefined);
  }
}
