import type { MatrixAnswer, MatrixResult, MatrixTask } from './protocol';

/** Runs a task in a worker of its own. @throws what the worker failed with */
function runTask(task: MatrixTask): Promise<MatrixResult> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return new Promise<MatrixResult>((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }: MessageEvent<MatrixAnswer>) => {
      if (data.kind === 'result') resolve(data.result);
      else reject(new Error(data.reason));
    };
    worker.postMessage(task);
  }).finally(() => worker.terminate());
}

// called by tools/wer/matrix/matrix.ts
globalThis.runTask = runTask;
document.documentElement.dataset.ready = '';
