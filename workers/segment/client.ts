import { assert, isAbort } from '@/lib/core';
import type { Segmenter, SegmentSession } from '@/lib/engine/pipeline';
import { createClient, type WorkerLike } from '@/lib/engine/rpc';
import type { LiveVad } from '@/lib/engine/vad';
import type { Found, SegmentApi, SegmentAssets } from './protocol';

/** A segmenter whose worker can be ended. */
export interface WorkerSegmenter extends Segmenter {
  /** VAD of sound as it comes. */
  openLiveVad(signal?: AbortSignal): Promise<LiveVad>;
  /** Ends the worker; calls that wait, and later ones, reject with `ABORTED`. */
  dispose(): void;
}

export interface WorkerSegmenterOptions {
  /** Where the network and the runtime are served; by default on this page's origin. */
  assets?: SegmentAssets;
  /** Makes the worker; tests give one that they can break. */
  spawn?: () => WorkerLike;
}

/**
 * Speech segments from the Silero network in a worker of its own, which starts with the first
 * `open`. Sessions reject with `SEGMENT_FAILED`, `WORKER_CRASHED` or `ABORTED`; one that has
 * rejected is over, and a new one resumes from the last stored checkpoint.
 */
export function createSegmenter(options: WorkerSegmenterOptions = {}): WorkerSegmenter {
  const spawn =
    options.spawn ??
    (() => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }));
  const client = createClient<SegmentApi>(spawn, { name: 'segment' });
  // ids are made here: a restarted worker must not know the sessions of its predecessor
  let nextSessionId = 1;

  return {
    async open(from, signal): Promise<SegmentSession> {
      const sessionId = nextSessionId++;
      const assets = options.assets ?? ownAssets();
      const { startSample } = await client.call('open', { sessionId, from, assets }, { signal });
      let nextSample = startSample;
      let nextStartSample = startSample;
      let over = false;

      const ask: typeof client.call = async (method, params, callOptions) => {
        try {
          return await client.call(method, params, callOptions);
        } catch (error) {
          over = true;
          throw error;
        }
      };

      const take = ({ segments, nextStartSample: next }: Found) => {
        nextStartSample = next;
        return segments;
      };

      return {
        startSample,
        get nextStartSample() {
          return nextStartSample;
        },
        async push(chunk, pushSignal) {
          assert(chunk.startSample === nextSample, `PCM must continue at sample ${nextSample}`);
          nextSample += chunk.pcm.length;
          // a copy of its own: the chunk may be a view that others still read
          const pcm = chunk.pcm.slice();
          return take(
            await ask(
              'push',
              { sessionId, startSample: chunk.startSample, pcm },
              { signal: pushSignal, transfer: [pcm.buffer] },
            ),
          );
        },
        finish: async (finishSignal) =>
          take(await ask('finish', { sessionId }, { signal: finishSignal })),
        async close() {
          if (over) return;
          over = true;
          try {
            await client.call('close', { sessionId });
          } catch (error) {
            // the worker has ended, and the session with it
            if (!isAbort(error)) throw error;
          }
        },
      };
    },
    async openLiveVad(signal): Promise<LiveVad> {
      const sessionId = nextSessionId++;
      const assets = options.assets ?? ownAssets();
      await client.call('openFrames', { sessionId, assets }, { signal });
      return {
        push: (pcm) => client.call('frames', { sessionId, pcm }, { transfer: [pcm.buffer] }),
        close: async () => {
          await client.call('close', { sessionId });
        },
      };
    },
    dispose: () => client.dispose(),
  };
}

function ownAssets(): SegmentAssets {
  const { origin } = globalThis.location;
  return { modelUrl: `${origin}/vad/silero_vad_v6.onnx`, runtimeUrl: `${origin}/ort/` };
}
