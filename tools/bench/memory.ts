import type { AppBrowser } from '../browser/app-browser';
import { type BenchContext, type Figure, figure, missing } from './figures';
import { openWarmApp, runFile } from './jobs';
import { speechMp3 } from './media';
import { browserMemoryMb, canMeasureMemory, MEMORY_REASON } from './process-memory';

const NAME = 'memory-3h';
const HOURS = 3;
const HOUR_MS = 3_600_000;
const TARGET_MB = 900;

/** The third hour may need this much more than the first. */
const TARGET_RATIO = 1.1;

/** An idle tab settles for this long; the least of these readings is its memory. */
const IDLE_READINGS = 10;
const IDLE_EVERY_MS = 1000;

async function idleMemoryMb({ page, profile }: AppBrowser): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < IDLE_READINGS; i++) {
    await page.waitForTimeout(IDLE_EVERY_MS);
    least = Math.min(least, browserMemoryMb(profile));
  }
  return least;
}

/** An hour of the recording. */
interface Hour {
  peakMb: number;
  /** How long it took. */
  seconds: number;
}

/** Readings while the job runs: memory, and when each hour was reached. */
async function watch({ page, profile }: AppBrowser, path: string): Promise<Hour[]> {
  const hours = Array.from({ length: HOURS }, (): Hour => ({ peakMb: 0, seconds: 0 }));
  let at = 0;
  let beganMs = performance.now();
  const endHour = () => {
    const hour = hours[at];
    if (hour) hour.seconds = (performance.now() - beganMs) / 1000;
    beganMs = performance.now();
    at += 1;
  };
  await runFile(page, path, {
    onPoll: ([job]) => {
      const doneMs = job?.doneMs ?? 0;
      while (at < HOURS && doneMs >= (at + 1) * HOUR_MS) endHour();
      const hour = hours[Math.min(Math.floor(doneMs / HOUR_MS), HOURS - 1)];
      if (hour) hour.peakMb = Math.max(hour.peakMb, browserMemoryMb(profile));
    },
  });
  while (at < HOURS) endHour();
  return hours;
}

/** A file of three hours: memory above an empty tab (the stricter measure: an idle app has its
 * model and runtimes loaded), and whether the last hour is like the first. */
export async function memory({ url }: BenchContext): Promise<Figure[]> {
  if (!canMeasureMemory())
    return [missing(NAME, 'peak above an empty tab', 'MB', 'lower', TARGET_MB, MEMORY_REASON)];
  const path = await speechMp3(HOURS * 3600 + 30);
  const app = await openWarmApp(url, { backend: 'wasm' });
  try {
    const idle = await idleMemoryMb(app);
    const hours = await watch(app, path);
    await app.page.goto('about:blank');
    const blank = await idleMemoryMb(app);
    const peak = Math.max(...hours.map(({ peakMb }) => peakMb)) - blank;
    const [first, last] = [hours.at(0), hours.at(-1)];
    const ratio = (metric: string, of: keyof Hour) =>
      figure(NAME, metric, (last?.[of] ?? 0) / (first?.[of] ?? 0), 'ratio', 'lower', TARGET_RATIO);
    return [
      figure(NAME, 'empty tab', blank, 'MB', 'lower'),
      figure(NAME, 'idle app, model loaded', idle, 'MB', 'lower'),
      ...hours.map(({ peakMb }, i) =>
        figure(NAME, `hour ${i + 1}, peak above empty`, peakMb - blank, 'MB', 'lower'),
      ),
      figure(NAME, 'peak above an empty tab', peak, 'MB', 'lower', TARGET_MB),
      ratio('memory, hour 3 to hour 1', 'peakMb'),
      ...hours.map(({ seconds }, i) => figure(NAME, `hour ${i + 1}, time`, seconds, 's', 'lower')),
      ratio('time, hour 3 to hour 1', 'seconds'),
    ];
  } finally {
    await app.close();
  }
}
