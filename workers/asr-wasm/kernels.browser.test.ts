import { afterEach, describe, expect, it, vi } from 'vitest';
import { type KernelSource, productsOf } from '@/lib/engine/kernels/kernels';
import { loadKernels } from '@/lib/engine/kernels/load';
import { byteAttentionError } from '@/lib/engine/kernels/test-attention';
import { BYTES, productError } from '@/lib/engine/kernels/test-products';
import type { IntegerProducts } from '@/lib/engine/types';

const parts = {
  threads: 1,
  startThread() {
    throw new Error('One thread needs no other.');
  },
};
const workers: Worker[] = [];

async function open(products?: IntegerProducts): Promise<KernelSource> {
  const load = { ...parts, products };
  const source = await loadKernels(`${location.origin}/kernels/`, load, vi.fn());
  if (!source) throw new Error('There are no kernels here.');
  return source;
}

/** Products of bytes that are right in this browser on this processor: those in pairs are everywhere. */
const BYTE_PRODUCTS: IntegerProducts[] =
  productsOf(await open('bytes')) === 'bytes' ? ['bytes', 'pairs'] : ['pairs'];

/** @param products of integers: the clock that else decides may do so differently each time */
function encode(threads: number, windows: number, products: IntegerProducts) {
  const url = new URL('./test-kernel-worker.ts', import.meta.url);
  const worker = new Worker(url, { type: 'module' });
  workers.push(worker);
  worker.postMessage({ threads, windows, products });
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
  it('multiply integers as they did when the fastest way was measured', async () => {
    const measured = await open();
    expect(await open(productsOf(measured))).toEqual(measured);
    for (const products of ['wide', ...BYTE_PRODUCTS] as const)
      expect(productsOf(await open(products))).toBe(products);
  });

  it.each<IntegerProducts>(['wide', ...BYTE_PRODUCTS])(
    'give the same with any number of threads, also of those that start late: %s',
    async (products) => {
      const alone = await encode(1, 3, products);
      expect(alone.started).toBe(0);
      expect(alone.outputs[0]?.every(Number.isFinite)).toBe(true);
      expect(alone.outputs[1]).not.toEqual(alone.outputs[0]);
      for (const threads of [2, 5]) {
        const { outputs, started } = await encode(threads, 6, products);
        expect(started).toBe(threads - 1);
        for (const [at, output] of outputs.entries()) expect(output).toEqual(alone.outputs[at % 3]);
      }
    },
  );

  it.each(BYTE_PRODUCTS)('give nearly the same as wide integers: %s', async (products) => {
    const [wide, bytes] = [await encode(2, 2, 'wide'), await encode(2, 2, products)];
    for (const [at, found] of bytes.outputs.entries()) {
      const right = wide.outputs[at] ?? new Float32Array(0);
      const squares = (values: Float32Array) => values.reduce((sum, value) => sum + value ** 2, 0);
      const apart = found.map((value, index) => value - (right[index] ?? Number.NaN));
      expect(Math.sqrt(squares(apart) / squares(right))).toBeLessThan(0.02);
      expect(found).not.toEqual(right);
    }
  });

  describe.each(BYTE_PRODUCTS)('with products of %s,', (products) => {
    it('attend nearly as the formula does', async () => {
      expect(await byteAttentionError(await open(products))).toBeLessThan(0.01);
    });

    it.each(BYTES)('give exact products with weights that are %s', async (_, bytes) => {
      const shapes = [1, 3, 8].map((rows) => ({ rows, isFew: true }));
      for (const shape of [...shapes, { rows: 60, isFew: false }])
        expect(await productError(await open(products), bytes, shape)).toBeLessThan(1e-6);
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
