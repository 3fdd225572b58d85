// Live text: how soon words are there and final, what it costs, and whether memory grows.
import type { JobRecord, TranscriptRecord, WordsRecord } from '../../lib/client/store/schema';
import type { Word } from '../../lib/transcript/types';
import { type AppBrowser, openApp, ready } from '../browser/app-browser';
import { waitForJobs } from '../browser/stored';
import { type BenchContext, type Figure, figure, missing } from './figures';
import { type LiveWords, matchWords, watchWords } from './live-words';
import { speechIn } from './media';
import {
  browserCpuMs,
  browserOwnMemoryMb,
  canMeasureMemory,
  MEMORY_REASON,
} from './process-memory';

const NAME = 'live';

/** Speech that the fake microphone repeats, in seconds. */
const SPEECH_SECONDS = 120;

/** How long is recorded unless `--minutes` says otherwise. */
const MINUTES = 4;

/** Times are measured only after this, in ms: models are loaded by then. */
const SETTLE_MS = 60_000;

/** Memory of a long run is measured only after this, in ms: what loading used is released slowly. */
const MEMORY_SETTLE_MS = 10 * 60_000;

/** Memory fluctuates with buffers in flight: the minimum of this many consecutive readings counts. */
const READINGS = 20;
const READ_EVERY_MS = 1000;

/** How long workers may take to collect their garbage, in ms. */
const COLLECT_MS = 3_000;

/** How often a long run reports how its memory has grown, in ms. */
const REPORT_EVERY_MS = 10 * 60_000;

const TARGETS = { finalMs: 1500, partialMs: 700, cpu: 0.2, memoryMb: 100 };
const THREE_HOURS_MS = 3 * 3_600_000;

/**
 * Collects the garbage of the page and of its workers: when a browser does so by itself depends on how
 * much memory the machine has.
 */
async function collectGarbage({ context, page }: AppBrowser): Promise<void> {
  const session = await context.newCDPSession(page);
  const collected: Promise<unknown>[] = [];
  session.on('Target.attachedToTarget', ({ sessionId }) => {
    const message = JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' });
    // a worker that has ended meanwhile has no garbage
    collected.push(
      session.send('Target.sendMessageToTarget', { sessionId, message }).catch(() => null),
    );
  });
  const autoAttach = { waitForDebuggerOnStart: false, flatten: false };
  await session.send('Target.setAutoAttach', { autoAttach: true, ...autoAttach });
  await session.send('HeapProfiler.collectGarbage');
  await Promise.all(collected);
  // answers of workers are not waited for: the readings take longer
  await page.waitForTimeout(COLLECT_MS);
  await session.send('Memory.simulatePressureNotification', { level: 'critical' });
  await session.detach();
}

/** What the browser holds once garbage is gone. */
async function heldMemoryMb(app: AppBrowser): Promise<number> {
  await collectGarbage(app);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < READINGS; i++) {
    await app.page.waitForTimeout(READ_EVERY_MS);
    least = Math.min(least, browserOwnMemoryMb(app.profile));
  }
  return least;
}

function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}

/** What was seen while the microphone was recorded. */
interface Recorded {
  words: LiveWords;
  /** Seconds of processor time for each second. */
  cpu: number;
  /** `null`: memory cannot be measured here. */
  growth: { mb: number; ms: number } | null;
}

/** Records the fake microphone for this long. */
async function record(app: AppBrowser, url: string, minutes: number): Promise<Recorded> {
  const { page, profile } = app;
  await ready(page, new URL('/record', url).href);
  await page.evaluate(watchWords);
  await page.getByRole('button', { name: 'Start recording' }).click();
  await page.getByRole('button', { name: 'Stop recording' }).waitFor();
  await page.waitForTimeout(SETTLE_MS);
  const from = { atMs: performance.now(), cpuMs: browserCpuMs(profile) };
  if (minutes * 60_000 > 2 * MEMORY_SETTLE_MS)
    await page.waitForTimeout(MEMORY_SETTLE_MS - SETTLE_MS);
  const leftMs = () =>
    minutes * 60_000 - (performance.now() - from.atMs) - READINGS * READ_EVERY_MS;
  const growth = canMeasureMemory() ? await measureGrowth(app, leftMs) : null;
  if (growth === null) await page.waitForTimeout(Math.max(0, leftMs()));
  const to = { atMs: performance.now(), cpuMs: browserCpuMs(profile) };
  const words = await page.evaluate(() => globalThis.liveWords());
  await page.getByRole('button', { name: 'Stop recording' }).click();
  return { words, cpu: (to.cpuMs - from.cpuMs) / (to.atMs - from.atMs), growth };
}

/** How memory grows until no time is left. */
async function measureGrowth(app: AppBrowser, leftMs: () => number): Promise<Recorded['growth']> {
  const beforeMb = await heldMemoryMb(app);
  const fromMs = performance.now();
  while (leftMs() > REPORT_EVERY_MS) {
    await app.page.waitForTimeout(REPORT_EVERY_MS);
    const minute = ((performance.now() - fromMs) / 60_000).toFixed(0);
    const grownMb = (await heldMemoryMb(app)) - beforeMb;
    console.log(`  after ${minute} min: ${grownMb.toFixed(1)} MB more than at the start`);
  }
  await app.page.waitForTimeout(Math.max(0, leftMs()));
  const mb = (await heldMemoryMb(app)) - beforeMb;
  return { mb, ms: performance.now() - fromMs };
}

/** What is stored of the one recording. */
interface StoredRecording {
  fileName: string;
  /** How much sound never came. */
  droppedMs: number | null;
  /** With the times at which they were said. */
  words: Word[];
}

function readRecording({ page }: AppBrowser): Promise<StoredRecording> {
  return page.evaluate(async () => {
    const db = await requested(indexedDB.open('ai2text'));
    try {
      const stores = db.transaction(['jobs', 'transcripts', 'words']);
      const [[job], [transcript], words]: [JobRecord[], TranscriptRecord[], WordsRecord[]] =
        await Promise.all([
          requested(stores.objectStore('jobs').getAll()),
          requested(stores.objectStore('transcripts').getAll()),
          requested(stores.objectStore('words').getAll()),
        ]);
      return {
        fileName: job?.fileName ?? '',
        droppedMs: transcript?.capture?.droppedMs ?? null,
        words: words.flatMap((segment) => segment.words),
      };
    } finally {
      db.close();
    }
  });
}

/** The recording's own final pass. */
async function finalPass(app: AppBrowser): Promise<StoredRecording> {
  const { fileName } = await readRecording(app);
  const [job] = await waitForJobs(app.page, [fileName]);
  if (job?.state !== 'done') throw new Error(`The final pass failed: ${job?.error}`);
  return readRecording(app);
}

function latencyFigures(what: string, values: readonly number[], target: number): Figure[] {
  const median = `${what}, median`;
  return [
    values.length === 0
      ? missing(NAME, median, 'ms', 'lower', target, 'No word could be matched.')
      : figure(NAME, median, percentile(values, 0.5), 'ms', 'lower', target),
    figure(NAME, `${what}, 90 %`, percentile(values, 0.9), 'ms', 'lower'),
  ];
}

function memoryFigures(growth: Recorded['growth']): Figure[] {
  if (growth === null)
    return [missing(NAME, 'memory growth', 'MB', 'lower', TARGETS.memoryMb, MEMORY_REASON)];
  const { mb, ms } = growth;
  const overThreeHours = (mb / ms) * THREE_HOURS_MS;
  const length = `${(ms / 60_000).toFixed(0)} min`;
  return [
    figure(NAME, `memory growth in ${length}`, mb, 'MB', 'lower'),
    figure(NAME, 'the same rate over 3 h', overThreeHours, 'MB', 'lower', TARGETS.memoryMb),
  ];
}

/** A recording of the fake microphone, its live text against the words of its own final pass. */
export async function live({ url, minutes = MINUTES }: BenchContext): Promise<Figure[]> {
  const app = await openApp(url, {
    backend: 'wasm',
    microphone: await speechIn('wav', SPEECH_SECONDS),
  });
  try {
    const { words, cpu, growth } = await record(app, url, minutes);
    const final = await finalPass(app);
    const { finalMs, partialMs, share, agreed } = matchWords(words, final.words);
    return [
      ...latencyFigures('words final after they were said', finalMs, TARGETS.finalMs),
      ...latencyFigures('partial words after they were said', partialMs, TARGETS.partialMs),
      figure(NAME, 'words of the final pass that the live text had', share * 100, '%', 'higher'),
      figure(NAME, 'words that were final as first shown', agreed * 100, '%', 'higher'),
      figure(NAME, 'sound that never came', final.droppedMs, 'ms', 'lower'),
      figure(
        NAME,
        `processor time of the browser, ${minutes} min`,
        cpu,
        's/s',
        'lower',
        TARGETS.cpu,
      ),
      ...memoryFigures(growth),
    ];
  } finally {
    await app.close();
  }
}
