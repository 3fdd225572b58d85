import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import {
  createInferenceRuntime,
  type InferenceRuntimeOptions,
  runtimeError,
  wasmThreads,
} from './runtime';

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

describe('runtimeError', () => {
  it.each([
    [new Error('Aborted(OOM). Build with -sASSERTIONS for more info.'), 'OUT_OF_MEMORY', true],
    [new Error('std::bad_alloc'), 'OUT_OF_MEMORY', true],
    [new RangeError('Array buffer allocation failed'), 'OUT_OF_MEMORY', true],
    [new Error('WebGPU validation failed. Device was lost.'), 'GPU_DEVICE_LOST', true],
    [new WebAssembly.RuntimeError('memory access out of bounds'), 'RECOGNISE_FAILED', true],
    [10_736_416, 'RECOGNISE_FAILED', true],
    [new Error("input 'lengths' is missing in 'feeds'."), 'RECOGNISE_FAILED', false],
  ])('reads %s as %s', (thrown, code, fatal) => {
    expect(runtimeError(thrown)).toMatchObject({ code, fatal });
  });

  it('keeps an error that already has its meaning', () => {
    const error = new AppError('BACKEND_UNAVAILABLE', 'No GPU.');
    expect(runtimeError(error)).toBe(error);
  });
});

it('asks for a thread on each core up to four, and for one without isolation', () => {
  expect([1, 2, 8].map((cores) => wasmThreads(cores, true))).toEqual([1, 2, 4]);
  expect(wasmThreads(8, false)).toBe(1);
});
