import { afterEach, describe, expect, it, vi } from 'vitest';
import type { KernelSource } from '@/lib/engine/kernels';
import { createWasmStart } from './wasm-start';

/** As much of ONNX Runtime as is read before a graph is opened. */
function fakeOrt() {
  const env = { wasm: {} as { numThreads?: number; wasmPaths?: string } };
  return { env, ort: { env, Tensor: class {}, InferenceSession: {} } as never };
}

afterEach(() => vi.unstubAllGlobals());

describe('the start of ONNX Runtime in a worker', () => {
  it('keeps the number of threads of the first start', async () => {
    vi.stubGlobal('crossOriginIsolated', true);
    const { env, ort } = fakeOrt();
    const start = createWasmStart(ort);
    expect((await start({ runtimeUrl: 'https://a/ort/', threads: 3 })).threads).toBe(3);
    expect((await start({ runtimeUrl: 'https://b/ort/', threads: 1 })).threads).toBe(3);
    expect(env.wasm).toEqual({ numThreads: 3, wasmPaths: 'https://a/ort/' });
  });

  it('uses one thread where the page is not cross-origin isolated', async () => {
    vi.stubGlobal('crossOriginIsolated', false);
    const { env, ort } = fakeOrt();
    const start = createWasmStart(ort);
    expect((await start({ runtimeUrl: 'https://a/ort/', threads: 4 })).threads).toBe(1);
    expect(env.wasm.numThreads).toBe(1);
  });

  it('loads the kernels once, for as many threads as the runtime has', async () => {
    vi.stubGlobal('crossOriginIsolated', true);
    const source = {} as KernelSource;
    const load = vi.fn(async () => source);
    const start = createWasmStart(fakeOrt().ort, load);
    await start({ runtimeUrl: 'https://a/ort/', threads: 2 });
    expect((await start({ runtimeUrl: 'https://a/ort/', threads: 4 })).kernels).toBe(source);
    expect(load.mock.calls).toEqual([[{ runtimeUrl: 'https://a/ort/', threads: 2 }]]);
  });
});
