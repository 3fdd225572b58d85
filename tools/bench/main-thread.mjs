import { ready } from '../browser/app-browser.mjs';
import { figure, missing, openWarmApp, runFile } from './jobs.mjs';
import { speechMp3 } from './media.mjs';

const SECONDS = 10 * 60;
const TARGET_MS = 100;

/** Whether a task that is too long for certain is seen: none seen means none only then. */
async function seesLongTasks(page) {
  await page.evaluate(() => {
    globalThis.__longTasks.length = 0;
    setTimeout(() => {
      const untilMs = performance.now() + 150;
      while (performance.now() < untilMs);
    });
  });
  await page.waitForTimeout(1000);
  return page.evaluate((targetMs) => globalThis.__longTasks.some((ms) => ms > targetMs), TARGET_MS);
}

/** Tasks of the page's main thread over 50 ms (the platform's own limit) while a job runs. */
export async function mainThread({ url }) {
  const app = await openWarmApp(url, { backend: 'wasm' });
  try {
    await app.page.addInitScript(() => {
      const durations = [];
      globalThis.__longTasks = durations;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) durations.push(duration);
      }).observe({ type: 'longtask', buffered: true });
    });
    await ready(app.page, url);
    // loading the page is not the job
    await app.page.waitForTimeout(1000);
    await app.page.evaluate(() => {
      globalThis.__longTasks.length = 0;
    });
    await runFile(app.page, await speechMp3(SECONDS));
    const durations = await app.page.evaluate(() => [...globalThis.__longTasks]);
    if (!(await seesLongTasks(app.page)))
      return ['longest task', 'tasks over 100 ms'].map((metric) =>
        missing(
          'main-thread',
          metric,
          'ms',
          'lower',
          TARGET_MS,
          'Long tasks are not reported here.',
        ),
      );
    return [
      figure('main-thread', 'longest task', Math.max(0, ...durations), 'ms', 'lower', TARGET_MS),
      figure(
        'main-thread',
        'tasks over 100 ms',
        durations.filter((ms) => ms > TARGET_MS).length,
        'tasks',
        'lower',
        0,
      ),
    ];
  } finally {
    await app.close();
  }
}
