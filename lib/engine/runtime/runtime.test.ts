import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { createInferenceRuntime, type InferenceRuntimeOptions } from './runtime';
import { runtimeError } from './runtime-errors';

const DONE = { y: {} as Tensor };

/** A runtime whose graphs run as scripted. */
function runtimeOf(run: () => Promise<unknown>, change: Partial<InferenceRuntimeOptions> = {}) {
  const options: unknown[] = [];
  const InferenceSession = {
    create: async (_: Uint8Array, given: unknown) => {
      options.push(given);
      return { inputMetadata: [], outputMetadata: [], run, release: async () => undefined };
    },
  };
  const runtime = createInferenceRuntime({
    backend: 'wasm',
    threads: 1,
    // as much of the runtime as is called
    ort: { InferenceSession, Tensor: class {} } as unknown as InferenceRuntimeOptions['ort'],
    translate: runtimeError,
    ...change,
  });
  return { runtime, options: options as InferenceSession.SessionOptions[] };
}

describe('a runtime', () => {
  it('says what a run that failed meant', async () => {
    const { runtime } = runtimeOf(() => Promise.reject(new Error('std::bad_alloc')));
    const session = await runtime.open(new Uint8Array());
    await expect(session.run({}, ['y'])).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      fatal: true,
    });
  });

  it('refuses a graph without the output that was asked for', async () => {
    const { runtime } = runtimeOf(async () => DONE);
    const session = await runtime.open(new Uint8Array());
    expect(await session.run({}, ['y'])).toBe(DONE);
    await expect(session.run({}, ['y', 'z'])).rejects.toMatchObject({ code: 'RECOGNISE_FAILED' });
  });

  it('ends a run that would wait for a lost device for ever', async () => {
    let lose: (error: AppError) => void = () => undefined;
    const lost = new Promise<never>((_, reject) => {
      lose = reject;
    });
    const { runtime } = runtimeOf(() => new Promise(() => undefined), { lost: () => lost });
    const session = await runtime.open(new Uint8Array());
    const run = session.run({}, ['y']);
    lose(new AppError('GPU_DEVICE_LOST', 'gone', { fatal: true }));
    await expect(run).rejects.toMatchObject({ code: 'GPU_DEVICE_LOST' });
    await expect(session.run({}, ['y'])).rejects.toMatchObject({ code: 'GPU_DEVICE_LOST' });
  });

  it('keeps outputs on the GPU where there is one', async () => {
    const wasm = runtimeOf(async () => DONE);
    const webgpu = runtimeOf(async () => DONE, { backend: 'webgpu' });
    for (const { runtime } of [wasm, webgpu])
      await runtime.open(new Uint8Array(), { outputsOnGpu: ['y'] });
    expect(wasm.options[0]?.preferredOutputLocation).toBeUndefined();
    expect(webgpu.options[0]?.preferredOutputLocation).toEqual({ y: 'gpu-buffer' });
  });
});
