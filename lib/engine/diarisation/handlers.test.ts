import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core';
import type { ModelFiles } from '@/lib/engine';
import { longSpeech } from '@/lib/engine/audio/features/test-signals';
import type { InferenceRuntime } from '@/lib/engine/runtime';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { generate } from '@/tools/random-models/presets';
import { diariseHandlers } from './handlers';
import type { DiariseOrder } from './protocol';

const ORDER: DiariseOrder = {
  segmentation: 'pyannote-random',
  embedding: 'wespeaker-random',
  runtimeUrl: '',
  threads: 1,
};

async function openInstalled(id: string): Promise<ModelFiles> {
  const [path = '', graph] = [...generate(id)].find(([name]) => name.endsWith('.onnx')) ?? [];
  return {
    has: (role) => role === 'network',
    nameOf: () => path,
    read: async () => graph ?? new Uint8Array(),
  };
}

/** Counts the sessions that are open. */
function counting(): { runtime: InferenceRuntime; open(): number } {
  let open = 0;
  return {
    open: () => open,
    runtime: {
      ...nodeRuntime,
      async open(graph, options) {
        const session = await nodeRuntime.open(graph, options);
        open++;
        return {
          ...session,
          release: () => {
            open--;
            return session.release();
          },
        };
      },
    },
  };
}

function handlers(runtime: InferenceRuntime = nodeRuntime) {
  const made = diariseHandlers({ start: async () => runtime, openInstalled });
  const context = { signal: new AbortController().signal, progress: () => undefined };
  return {
    open: (order: Partial<DiariseOrder> = {}) => made.open({ ...ORDER, ...order }, context),
    push: (startSample: number, pcm: Float32Array, signal = context.signal) =>
      made.push({ startSample, pcm }, { ...context, signal }),
    finish: () => made.finish({ count: 'auto' }, context),
    recount: (exact: number) => made.recount({ count: { exact } }, context),
  };
}

const sound = longSpeech(25 * 16_000);

describe('diariseHandlers', () => {
  it('tells speakers apart, and again for another number without any sound', async () => {
    const { runtime, open } = counting();
    const worker = handlers(runtime);
    await worker.open();
    expect(open()).toBe(2);
    await worker.push(0, sound.slice(0, 200_000));
    await worker.push(200_000, sound.slice(200_000));
    const found = await worker.finish();
    expect(found).toMatchObject({ turns: expect.any(Array) });
    expect(open()).toBe(0);
    expect(await worker.recount(1)).toMatchObject({ speakers: 1 });
  });

  it('takes the speech that a VAD found where there is no segmentation model', async () => {
    const worker = handlers();
    await worker.open({ segmentation: null });
    await worker.push(16_000, sound.slice(0, 48_000));
    await worker.push(96_000, sound.slice(48_000, 96_000));
    const found = await worker.finish();
    expect(found).toMatchObject({ speakers: expect.any(Number) });
    const { turns } = found as { turns: { startMs: number }[] };
    expect(turns[0]?.startMs).toBe(1000);
  });

  it('forgets one recording when another is opened, and frees its models', async () => {
    const { runtime, open } = counting();
    const worker = handlers(runtime);
    await worker.open();
    await worker.push(0, sound.slice(0, 180_000));
    await worker.open();
    expect(open()).toBe(2);
    expect(await worker.finish()).toEqual({ speakers: 0, turns: [] });
  });

  it('refuses a model of another kind', async () => {
    await expect(handlers().open({ embedding: 'pyannote-random' })).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    });
  });

  it('says that speakers could not be told apart when a network fails', async () => {
    const failed = new AppError('RECOGNISE_FAILED', 'no');
    const worker = handlers({
      ...nodeRuntime,
      open: async (graph, options) => ({
        ...(await nodeRuntime.open(graph, options)),
        run: () => Promise.reject(failed),
      }),
    });
    await worker.open();
    await expect(worker.push(0, sound.slice(0, 180_000))).rejects.toMatchObject({
      code: 'DIARISE_FAILED',
      cause: failed,
    });
  });

  it('stops between two runs when it is cancelled', async () => {
    const worker = handlers();
    await worker.open();
    const abort = new AbortController();
    abort.abort();
    await expect(worker.push(0, sound.slice(0, 180_000), abort.signal)).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  it('is fatal where a fresh worker is asked about a recording', async () => {
    const gone = { code: 'WORKER_CRASHED', fatal: true };
    await expect(handlers().push(0, sound)).rejects.toMatchObject(gone);
    await expect(handlers().recount(2)).rejects.toMatchObject(gone);
  });
});
