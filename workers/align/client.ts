import { fetchCatalogue } from '@/lib/catalogue';
import type { Aligner } from '@/lib/client/editing/word-timer';
import { memoizePromise } from '@/lib/core';
import { createClient } from '@/lib/engine/rpc';
import type { AlignMethods } from './protocol';

/** One thread: the words of a segment take milliseconds, and the page types meanwhile. */
const THREADS = 1;

/** Times words with Draft's network, in a worker of its own, which starts with the first words. */
export function createAligner(): Aligner {
  const client = createClient<AlignMethods>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'align' }),
    { name: 'align' },
  );
  const open = memoizePromise(async () => {
    const { origin } = globalThis.location;
    const modelsUrl = new URL('/models/', origin).href;
    const catalogue = await fetchCatalogue(new URL('catalogue.json', modelsUrl).href);
    const [entry] = catalogue.models;
    const runtimeUrl = new URL('/ort/', origin).href;
    await client.call('open', { entry, modelsUrl, runtimeUrl, threads: THREADS });
    return entry.languages;
  });
  return {
    languages: open,
    async align(pcm, words) {
      await open();
      return client.call('align', { pcm, words: [...words] }, { transfer: [pcm.buffer] });
    },
    dispose() {
      open.forget();
      client.dispose();
    },
  };
}
