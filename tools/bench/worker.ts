// How fast workers are without a page and what they take: one with one and two threads, two at once, on each
// runtime; and how many jobs a second each queue hands out.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { messageOf } from '../command/errors';
import { root } from '../command/root';
import { type BenchContext, type Figure, figure, missing } from './figures';
import { speechIn } from './media';
import { cpuMs, MEMORY_REASON, peakMemoryMb, treePeakMemoryMb } from './process-memory';
import { workQueues } from './work-queues';

const NAME = 'worker';
const UNIT = 'x real time';
const SAMPLE_MS = 200;
/** Recordings: two processes at once are tried with the first alone. */
const LENGTHS = [
  { name: 'five minutes', seconds: 300, twoAtOnce: true },
  { name: 'an hour', seconds: 3_600, twoAtOnce: false },
];

type WorkerRuntime = 'wasm' | 'native';

/** What a process has taken, as far as it can be seen; ffmpeg is another one, which the worker starts. */
interface Taken {
  peakMb: number | null;
  /** With ffmpeg. */
  treePeakMb: number;
  cpuMs: number | null;
}

/** One process that transcribes a file. */
function transcribe(path: string, runtime: WorkerRuntime, threads: number): Promise<Taken> {
  return new Promise((resolve, reject) => {
    const worker = spawn(
      process.execPath,
      [join(root, 'tools/run.mjs'), join(root, 'tools/worker/worker.ts'), '--once', path],
      {
        cwd: root,
        env: {
          ...process.env,
          WORKER_MODEL: 'ai2text-en',
          WORKER_LANGUAGE: 'en',
          WORKER_RUNTIME: runtime,
          WORKER_THREADS: String(threads),
        },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const { pid = 0 } = worker;
    const taken: Taken = { peakMb: null, treePeakMb: 0, cpuMs: null };
    const sampling = setInterval(() => {
      taken.peakMb = peakMemoryMb(pid) ?? taken.peakMb;
      taken.treePeakMb = Math.max(taken.treePeakMb, treePeakMemoryMb(pid) ?? 0);
      taken.cpuMs = cpuMs(pid) ?? taken.cpuMs;
    }, SAMPLE_MS);
    let said = '';
    worker.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    worker.once('error', reject);
    worker.once('close', (code) => {
      clearInterval(sampling);
      if (code === 0) resolve(taken);
      else reject(new Error(said.trim() || `The worker ended with ${code}.`));
    });
  });
}

interface Case {
  path: string;
  seconds: number;
  runtime: WorkerRuntime;
  threads: number;
  processes?: number;
}

/**
 * Seconds of speech a second, from the start of the processes to their end: what starts and loads the model is
 * part of it; the memory of the largest, without and with its ffmpeg; and, where there is one, its processor time.
 */
async function measureSpeed(metric: string, { processes = 1, ...one }: Case): Promise<Figure[]> {
  const { path, seconds, runtime, threads } = one;
  try {
    const beganMs = performance.now();
    const all = await Promise.all(
      Array.from({ length: processes }, () => transcribe(path, runtime, threads)),
    );
    const tookS = (performance.now() - beganMs) / 1000;
    const peaks = all.flatMap(({ peakMb }) => peakMb ?? []);
    const cpuS = all.reduce((sum, taken) => sum + (taken.cpuMs ?? 0) / 1000, 0);
    const seen = (what: string, value: number, unit: string) =>
      value > 0
        ? figure(NAME, `${metric}, ${what}`, value, unit, 'lower')
        : missing(NAME, `${metric}, ${what}`, unit, 'lower', null, MEMORY_REASON);
    return [
      figure(NAME, metric, (processes * seconds) / tookS, UNIT, 'higher'),
      seen('memory', Math.max(0, ...peaks), 'MB'),
      seen('memory with ffmpeg', Math.max(...all.map(({ treePeakMb }) => treePeakMb)), 'MB'),
      seen('processor', (cpuS * 3_600) / (processes * seconds), 's an hour of speech'),
    ];
  } catch (error) {
    return [missing(NAME, metric, UNIT, 'higher', null, messageOf(error))];
  }
}

/** Figures of `bench --only worker`. */
export async function worker({ rows = '' }: BenchContext): Promise<Figure[]> {
  const results: Figure[] = [];
  for (const runtime of ['wasm', 'native'] as const)
    for (const { name, seconds, twoAtOnce } of LENGTHS) {
      const group = `${runtime}, ${name}`;
      if (!group.includes(rows)) continue;
      const path = await speechIn('flac', seconds);
      const one = await measureSpeed(`${group}, 1 thread`, { path, seconds, runtime, threads: 1 });
      results.push(...one);
      results.push(
        ...(await measureSpeed(`${group}, 2 threads`, { path, seconds, runtime, threads: 2 })),
      );
      if (!twoAtOnce) continue;
      const two = await measureSpeed(`${group}, 2 processes of 1 thread`, {
        ...{ path, seconds, runtime, threads: 1 },
        processes: 2,
      });
      results.push(...two, scaling(`${group}, 2 processes to 1`, one[0], two[0]));
    }
  if ('queue'.includes(rows)) results.push(...(await workQueues(NAME)));
  return results;
}

function scaling(metric: string, one: Figure | undefined, two: Figure | undefined): Figure {
  if (!one?.value || !two?.value)
    return missing(NAME, metric, 'ratio', 'higher', null, 'One of both could not be measured.');
  return figure(NAME, metric, two.value / one.value, 'ratio', 'higher');
}
