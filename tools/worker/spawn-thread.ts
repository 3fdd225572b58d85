import { Worker as NodeThread } from 'node:worker_threads';
import type { WorkerLike } from '@/lib/engine/rpc';

const tsconfig = new URL('../tsconfig.json', import.meta.url);

/** A thread of Node in the shape of a browser's worker. */
export interface Thread extends WorkerLike {
  terminate(): void;
}

/**
 * Starts a thread.
 * @param file beside this module; in a bundle, what was made of it
 */
export function spawnThread(file: `./${string}.ts`): Thread {
  const isBundled = import.meta.url.endsWith('.mjs');
  const first = isBundled ? file.replace(/\.ts$/, '.mjs') : './thread.mjs';
  const thread = new NodeThread(new URL(first, import.meta.url), {
    workerData: { module: new URL(file, import.meta.url).href, tsconfig: tsconfig.pathname },
    // what this thread was started with is for it alone
    execArgv: [],
  });
  return {
    postMessage: (message, transfer) =>
      // buffers are what our protocols move, and the platforms' types for the others differ
      thread.postMessage(message, transfer as ArrayBuffer[]),
    addEventListener: (
      type: 'message' | 'messageerror' | 'error',
      listener: ((event: MessageEvent) => void) & ((event: ErrorEvent) => void),
    ) => {
      if (type !== 'error') thread.on(type, (data) => listener(new MessageEvent(type, { data })));
      else {
        const report = (message: string) =>
          // Node has no ErrorEvent; its message is all that is read
          listener(Object.assign(new Event('error'), { message }) as ErrorEvent);
        thread.on('error', (error) => report(error.message));
        thread.on('exit', (code) => report(`The thread ended with ${code}.`));
      }
    },
    terminate: () => void thread.terminate(),
  };
}
