import type { Page } from '@playwright/test';
import { ready } from '../browser/app-browser';
import { type BenchContext, type Figure, figure, missing } from './figures';
import { openWarmApp, runFile } from './jobs';
import { speechMp3 } from './media';

const SECONDS = 10 * 60;
const TARGET_MS = 100;

declare global {
  /** In the page: how long each long task took, in ms. */
  var longTasks: number[];
}

/** Has pages loaded from now on keep how long their long tasks take. */
export function watchLongTasks(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    const durations: number[] = [];
    globalThis.longTasks = durations;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) durations.push(duration);
    }).observe({ type: 'longtask', buffered: true });
  });
}

/** Whether a task that is too long for certain is seen: none seen means none only then. */
async function seesLongTasks(page: Page): Promise<boolean> {
  await page.evaluate(() => {
    globalThis.longTasks.length = 0;
    setTimeout(() => {
      const untilMs = performance.now() + 150;
      while (performance.now() < untilMs);
    });
  });
  await page.waitForTimeout(1000);
  return page.evaluate((targetMs) => globalThis.longTasks.some((ms) => ms > targetMs), TARGET_MS);
}

/** Tasks of the page's main thread over 50 ms (the platform's own limit) while a job runs. */
export async function mainThread({ url }: BenchContext): Promise<Figure[]> {
  const { page, close } = await openWarmApp(url, { backend: 'wasm' });
  try {
    await watchLongTasks(page);
    await ready(page, url);
    // loading the page is not the job
    await page.waitForTimeout(1000);
    await page.evaluate(() => {
      globalThis.longTasks.length = 0;
    });
    await runFile(page, await speechMp3(SECONDS));
    const durations = await page.evaluate(() => [...globalThis.longTasks]);
    if (!(await seesLongTasks(page))) {
      const reason = 'Long tasks are not reported here.';
      return ['longest task', 'tasks over 100 ms'].map((metric) =>
        missing('main-thread', metric, 'ms', 'lower', TARGET_MS, reason),
      );
    }
    const longest = Math.max(0, ...durations);
    const tooLong = durations.filter((ms) => ms > TARGET_MS).length;
    return [
      figure('main-thread', 'longest task', longest, 'ms', 'lower', TARGET_MS),
      figure('main-thread', 'tasks over 100 ms', tooLong, 'tasks', 'lower', 0),
    ];
  } finally {
    await close();
  }
}
