import { ready } from '../lib/app-browser.mjs';
import { figure, openWarmApp, runFile } from './jobs.mjs';
import { speechMp3 } from './media.mjs';

const SECONDS = 10 * 60;
const TARGET_MS = 100;

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
    const durations = await app.page.evaluate(() => globalThis.__longTasks);
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
