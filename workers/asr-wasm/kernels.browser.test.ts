import { afterEach, describe, expect, it, vi } from 'vitest';
import type { KernelSource } from '@/lib/engine/kernels/kernels';
import { loadKernels } from '@/lib/engine/kernels/load';
import { byteAttentionError } from '@/lib/engine/kernels/test-attention';
import { BYTES, productError } from '@/lib/engine/kernels/test-products';

const parts = {
  threads: 1,
  startThread() {
    throw new Error('One thread needs no other.');
  },
};
const workers: Worker[] = [];
const moduleOf = (name: string) =>
  WebAssembly.compileStreaming(fetch(`${location.origin}/kernels/${name}`));

/** The ways in which products of bytes are made. */
const BYTE_PRODUCTS: readonly (readonly [name: string, () => Promise<KernelSource>])[] = [
  ['as is right here', () => open(true)],
  [
    'in pairs',
    async () => ({
      ...parts,
      module: await moduleOf('kernels-pairs.wasm'),
      bytes: { less: 0, inPairs: true },
    }),
  ],
];

async function open(inBytes?: boolean): Promise<KernelSource> {
  const load = { ...parts, inBytes };
  const source = await loadKernels(`${location.origin}/kernels/`, load, vi.fn());
  if (!source) throw new Error('There are no kernels here.');
  return source;
}

/** @param inBytes how integers are multiplied: the clock that else decides may do so differently each time */
function encode(threads: number, windows: number, inBytes: boolean) {
  const url = new URL('./test-kernel-worker.ts', import.meta.url);
  const worker = new Worker(url, { type: 'module' });
  workers.push(worker);
  worker.postMessage({ threads, windows, inBytes });
  return new Promise<{ outputs: Float32Array[]; started: number }>((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }) =>
      typeof data === 'string' ? reject(new Error(data)) : resolve(data);
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
  for (const worker of workers.splice(0)) worker.terminate();
});

describe('the compiled kernels in a browser', () => {
  it.for([
    ['16-bit integers', false],
    ['bytes', true],
  ] as const)(
    'give the same with any number of threads, also of those that start late, in %s',
    async ([, inBytes]) => {
      const alone = await encode(1, 3, inBytes);
      expect(alone.started).toBe(0);
      expect(alone.outputs[0]?.every(Number.isFinite)).toBe(true);
      expect(alone.outputs[1]).not.toEqual(alone.outputs[0]);
      for (const threads of [2, 5]) {
        const { outputs, started } = await encode(threads, 6, inBytes);
        expect(started).toBe(threads - 1);
        for (const [at, output] of outputs.entries()) expect(output).toEqual(alone.outputs[at % 3]);
      }
    },
  );

  it('give nearly the same whichever instruction multiplies integers', async () => {
    const [wide, bytes] = [await encode(2, 2, false), await encode(2, 2, true)];
    for (const [at, found] of bytes.outputs.entries()) {
      const right = wide.outputs[at] ?? new Float32Array(0);
      const squares = (values: Float32Array) => values.reduce((sum, value) => sum + value ** 2, 0);
      const apart = found.map((value, index) => value - (right[index] ?? Number.NaN));
      expect(Math.sqrt(squares(apart) / squares(right))).toBeLessThan(0.02);
      expect(found).not.toEqual(right);
    }
  });

  describe.each(BYTE_PRODUCTS)('in bytes, %s,', (_name, source) => {
    it('attend nearly as the formula does', async () => {
      expect(await byteAttentionError(await source())).toBeLessThan(0.01);
    });

    it.each(BYTES)('give exact products with weights that are %s', async (_, bytes) => {
      const shapes = [1, 3, 8].map((rows) => ({ rows, isFew: true }));
      for (const shape of [...shapes, { rows: 60, isFew: false }])
        expect(await productError(await source(), bytes, shape)).toBeLessThan(1e-6);
    });
  });

  it('are not loaded where the page is not isolated', async () => {
    vi.stubGlobal('crossOriginIsolated', false);
    const report = vi.fn();
    expect(await loadKernels(`${location.origin}/kernels/`, parts, report)).toBeNull();
    expect(report).not.toHaveBeenCalled();
  });

  it('are not loaded when they cannot be fetched, and that is reported', async () => {
    const report = vi.fn();
    expect(await loadKernels(`${location.origin}/kernels/none/`, parts, report)).toBeNull();
    expect(report).toHaveBeenCalledOnce();
  });
});
