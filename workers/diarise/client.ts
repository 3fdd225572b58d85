import type { Diariser } from '@/lib/client/speakers/label-speakers';
import { createClient } from '@/lib/engine/rpc';
import { wasmThreads } from '@/lib/engine/runtime';
import type { DiariseMethods } from './protocol';

/** Tells the speakers of one recording apart, in a worker of its own, which starts with `open`. */
export function createDiariser(): Diariser {
  const client = createClient<DiariseMethods>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'diarise' }),
    { name: 'diarise' },
  );
  return {
    async open(models, signal) {
      const runtimeUrl = new URL('/ort/', globalThis.location.origin).href;
      const threads = wasmThreads(
        navigator.hardwareConcurrency || 1,
        globalThis.crossOriginIsolated,
      );
      await client.call('open', { ...models, runtimeUrl, threads }, { signal });
    },
    async push({ startSample, pcm }, signal) {
      // a copy of its own: the sound may be a view that others still read
      const own = pcm.slice();
      await client.call('push', { startSample, pcm: own }, { signal, transfer: [own.buffer] });
    },
    finish: (count, signal) => client.call('finish', { count }, { signal }),
    recount: (count) => client.call('recount', { count }),
    dispose: () => client.dispose(),
  };
}
