import type { PlayableWriter } from '@/lib/client/playback/writer';
import { createClient } from '@/lib/engine/rpc';
import type { PlayableMethods } from './protocol';

/** Encoding ten hours on a slow machine takes no longer than this, in ms. */
const CALL_TIMEOUT_MS = 6 * 3_600_000;

/** The worker starts with the first copy, and ends when none is being made. */
export function createPlayableWriter(): PlayableWriter {
  const { origin } = globalThis.location;
  const assets = {
    ffmpegUrl: new URL('/ffmpeg/', origin).href,
    resamplerUrl: new URL('/resampler/', origin).href,
  };
  const client = createClient<PlayableMethods>(
    () =>
      new Worker(new URL('./worker.ts', import.meta.url), {
        type: 'module',
        name: 'playable',
      }),
    { name: 'playable', callTimeoutMs: CALL_TIMEOUT_MS },
  );
  return {
    async write(order, { signal, onProgress } = {}) {
      try {
        return await client.call(
          'write',
          { ...order, assets },
          { signal, onProgress: ({ doneMs }) => onProgress?.(doneMs) },
        );
      } finally {
        client.release();
      }
    },
    dispose: () => client.dispose(),
  };
}
