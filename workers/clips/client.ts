import type { ClipCutter } from '@/lib/client/dataset/plan-clips';
import { createClient } from '@/lib/engine/rpc';
import type { ClipMethods } from './protocol';

/** Decoding to a clip deep in a recording without an index may take a while, in ms. */
const CALL_TIMEOUT_MS = 600_000;

/** The worker starts with the first recording. */
export function createClipCutter(): ClipCutter {
  const { origin } = globalThis.location;
  const assets = {
    ffmpegUrl: new URL('/ffmpeg/', origin).href,
    resamplerUrl: new URL('/resampler/', origin).href,
  };
  const client = createClient<ClipMethods>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'clips' }),
    { name: 'clips', callTimeoutMs: CALL_TIMEOUT_MS },
  );
  return {
    async open(source) {
      const { session } = await client.call('open', { ...source, assets });
      return {
        cut: ({ startMs, endMs }, signal) =>
          client.call('cut', { session, startMs, endMs }, signal ? { signal } : {}),
        close: async () => {
          await client.call('close', { session });
        },
      };
    },
    dispose: () => client.dispose(),
  };
}
