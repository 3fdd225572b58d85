// How fast workers are without a page: one with one and two threads, two at once, on each runtime.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { messageOf } from '../command/errors';
import { root } from '../command/root';
import { type Figure, figure, missing } from './figures';
import { speechIn } from './media';

const NAME = 'worker';
const SECONDS = 300;
const UNIT = 'x real time';

type Runtime = 'wasm' | 'native';

/** @returns seconds from its start to its end: what starts and loads the model is part of it */
function transcribe(path: string, runtime: Runtime, threads: number): Promise<number> {
  const began = performance.now();
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
    let said = '';
    worker.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    worker.once('error', reject);
    worker.once('close', (code) => {
      if (code === 0) resolve((performance.now() - began) / 1000);
      else reject(new Error(said.trim() || `The worker ended with ${code}.`));
    });
  });
}

async function pace(
  metric: string,
  path: string,
  runtime: Runtime,
  threads: number,
  processes = 1,
): Promise<Figure> {
  try {
    const began = performance.now();
    const all = Array.from({ length: processes }, () => transcribe(path, runtime, threads));
    await Promise.all(all);
    const seconds = (performance.now() - began) / 1000;
    return figure(NAME, metric, (processes * SECONDS) / seconds, UNIT, 'higher');
  } catch (error) {
    return missing(NAME, metric, UNIT, 'higher', null, messageOf(error));
  }
}

/** Figures of `bench --only worker`. */
export async function worker(): Promise<Figure[]> {
  const path = await speechIn('flac', SECONDS);
  const results: Figure[] = [];
  for (const runtime of ['wasm', 'native'] as const) {
    const one = await pace(`${runtime}, 1 thread`, path, runtime, 1);
    const two = await pace(`${runtime}, 2 processes of 1 thread`, path, runtime, 1, 2);
    results.push(one, await pace(`${runtime}, 2 threads`, path, runtime, 2), two);
    const scaling = one.value !== null && two.value !== null ? two.value / one.value : null;
    const metric = `${runtime}, 2 processes to 1`;
    results.push(
      scaling === null
        ? missing(NAME, metric, 'ratio', 'higher', null, 'One of both could not be measured.')
        : figure(NAME, metric, scaling, 'ratio', 'higher'),
    );
  }
  return results;
}
