// Live text: how soon words are there and settled, what it costs, and whether memory grows.
import { openApp, ready, waitForJobs } from '../browser/app-browser.mjs';
import { figure, missing } from './jobs.mjs';
import { matchWords, watchWords } from './live-words.mjs';
import { speechIn } from './media.mjs';
import {
  browserCpuMs,
  browserOwnMemoryMb,
  canMeasureMemory,
  MEMORY_REASON,
} from './process-memory.mjs';

/** Speech that the fake microphone repeats, in seconds. */
const SPEECH_SECONDS = 120;

/** How long is recorded unless `--minutes` says otherwise. */
const MINUTES = 4;

/** Times count from here on: models are loaded. */
const SETTLE_MS = 60_000;

/** Memory of a long run counts from here on: what loading took is given back slowly. */
const MEMORY_SETTLE_MS = 10 * 60_000;

/** Memory swings with buffers on their way: what counts is the least of so many readings in a row. */
const READINGS = 20;
const READ_EVERY_MS = 1000;

/** So long workers may take to collect their garbage. */
const COLLECT_MS = 3_000;

/** How often a long run says how its memory has grown. */
const TELL_EVERY_MS = 10 * 60_000;

const TARGETS = { settledMs: 1500, partialMs: 700, cpu: 0.2, memoryMb: 100 };
const THREE_HOURS_MS = 3 * 3_600_000;

/**
 * Collects the garbage of the page and of its workers: when a browser does so by itself depends on how
 * much memory the machine has.
 */
async function collectGarbage({ context, page }) {
  const session = await context.newCDPSession(page);
  const collected = [];
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
  return collected.length;
}

/** What the browser holds once garbage is gone. */
async function heldMemoryMb(app) {
  await collectGarbage(app);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < READINGS; i++) {
    await app.page.waitForTimeout(READ_EVERY_MS);
    least = Math.min(least, browserOwnMemoryMb(app.profile));
  }
  return least;
}

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}

/** Records the fake microphone for so long. */
async function record(app, url, minutes) {
  await ready(app.page, new URL('/record', url).href);
  await app.page.evaluate(watchWords);
  await app.page.getByRole('button', { name: 'Start recording' }).click();
  await app.page.getByRole('button', { name: 'Stop recording' }).waitFor();
  const measurable = canMeasureMemory();
  await app.page.waitForTimeout(SETTLE_MS);
  const from = { atMs: performance.now(), cpuMs: browserCpuMs(app.profile) };
  if (minutes * 60_000 > 2 * MEMORY_SETTLE_MS)
    await app.page.waitForTimeout(MEMORY_SETTLE_MS - SETTLE_MS);
  const memoryBefore = measurable ? await heldMemoryMb(app) : null;
  const memoryFromMs = performance.now();
  const leftMs = () =>
    minutes * 60_000 - (performance.now() - from.atMs) - READINGS * READ_EVERY_MS;
  while (measurable && leftMs() > TELL_EVERY_MS) {
    await app.page.waitForTimeout(TELL_EVERY_MS);
    const minute = ((performance.now() - memoryFromMs) / 60_000).toFixed(0);
    const grown = (await heldMemoryMb(app)) - memoryBefore;
    console.log(`  after ${minute} min: ${grown.toFixed(1)} MB more than at the start`);
  }
  await app.page.waitForTimeout(Math.max(0, leftMs()));
  const memoryAfter = measurable ? await heldMemoryMb(app) : null;
  const to = { atMs: performance.now(), cpuMs: browserCpuMs(app.profile) };
  const words = await app.page.evaluate(() => globalThis.liveWords());
  await app.page.getByRole('button', { name: 'Stop recording' }).click();
  return {
    words,
    cpu: (to.cpuMs - from.cpuMs) / (to.atMs - from.atMs),
    growthMb: measurable ? memoryAfter - memoryBefore : null,
    growthMs: to.atMs - memoryFromMs,
  };
}

/**
 * The recording's own final pass: the words with the times at which they were said, and how much
 * sound never came.
 */
async function finalPass(app) {
  const read = () =>
    app.page.evaluate(async () => {
      const asked = (request) =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const db = await asked(indexedDB.open('ai2text'));
      try {
        const names = ['jobs', 'transcripts', 'words'];
        const stores = db.transaction(names);
        const [[job], [transcript], words] = await Promise.all(
          names.map((one) => asked(stores.objectStore(one).getAll())),
        );
        return {
          fileName: job.fileName,
          droppedMs: transcript.capture?.droppedMs ?? null,
          words: words.flatMap((segment) => segment.words),
        };
      } finally {
        db.close();
      }
    });
  const { fileName } = await read();
  const [job] = await waitForJobs(app.page, [fileName]);
  if (job?.state !== 'done') throw new Error(`The final pass failed: ${job?.error}`);
  return await read();
}

/**
 * A recording of the fake microphone, its live text against the words of its own final pass.
 * @param {{url: string, minutes?: number}} context
 */
export async function live({ url, minutes = MINUTES }) {
  const name = 'live';
  const app = await openApp(url, {
    backend: 'wasm',
    microphone: await speechIn('wav', SPEECH_SECONDS),
  });
  try {
    const { words, cpu, growthMb, growthMs } = await record(app, url, minutes);
    const final = await finalPass(app);
    const { settledMs, partialMs, share, agreed } = matchWords(words, final.words);
    const length = `${minutes} min`;
    const latency = (metric, values, target) =>
      values.length === 0
        ? missing(name, metric, 'ms', 'lower', target, 'No word could be matched.')
        : figure(name, metric, percentile(values, 0.5), 'ms', 'lower', target);
    const at90 = (metric, values) => figure(name, metric, percentile(values, 0.9), 'ms', 'lower');
    const threeHours = growthMb === null ? null : (growthMb / growthMs) * THREE_HOURS_MS;
    return [
      latency('words settled after they were said, median', settledMs, TARGETS.settledMs),
      at90('words settled after they were said, 90 %', settledMs),
      latency('partial words after they were said, median', partialMs, TARGETS.partialMs),
      at90('partial words after they were said, 90 %', partialMs),
      figure(name, 'words of the final pass that the live text had', share * 100, '%', 'higher'),
      figure(name, 'words that were settled as first shown', agreed * 100, '%', 'higher'),
      figure(name, 'sound that never came', final.droppedMs, 'ms', 'lower'),
      figure(name, `processor time of the browser, ${length}`, cpu, 's/s', 'lower', TARGETS.cpu),
      ...(threeHours === null
        ? [missing(name, 'memory growth', 'MB', 'lower', TARGETS.memoryMb, MEMORY_REASON)]
        : [
            figure(
              name,
              `memory growth in ${(growthMs / 60_000).toFixed(0)} min`,
              growthMb,
              'MB',
              'lower',
            ),
            figure(name, 'the same rate over 3 h', threeHours, 'MB', 'lower', TARGETS.memoryMb),
          ]),
    ];
  } finally {
    await app.close();
  }
}
