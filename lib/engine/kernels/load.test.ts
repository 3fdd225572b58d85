import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { describe, expect, it, vi } from 'vitest';
import { KernelProgram, productsOf } from './kernels';
import { chooseProducts, loadKernels } from './load';
import { nodeKernels } from './test-kernels';
import { BYTES, productError } from './test-products';

const { module } = nodeKernels;

it('is not measured again where it is known, unless the browser does not do it right', async () => {
  const now = vi.spyOn(performance, 'now');
  const pairs = vi.fn();
  expect(await chooseProducts(module, pairs, 'wide')).toEqual({ module, bytes: null });
  // made of other instructions, bytes have a sign
  const bytes = { less: 128, inPairs: false };
  expect(await chooseProducts(module, pairs, 'bytes')).toEqual({ module, bytes });
  expect(pairs).not.toHaveBeenCalled();
  expect(now).not.toHaveBeenCalled();
  now.mockRestore();
});

it('is not taken where the instruction has to be made of others', async () => {
  const wide = { module, bytes: null };
  expect(await chooseProducts(module, async () => module)).toEqual(wide);
  expect(await chooseProducts(module, async () => null)).toEqual(wide);
});

describe('with relaxed SIMD', () => {
  // Node 20 has it, but not without being asked
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  const bytesOf = (name: string) =>
    readFileSync(new URL(`../../../public/kernels/${name}`, import.meta.url));
  const moduleOf = (name: string) => new WebAssembly.Module(bytesOf(name));
  const [relaxed, pairs] = [moduleOf('kernels-relaxed.wasm'), moduleOf('kernels-pairs.wasm')];

  // its V8 does not know an instruction for bytes
  describe.runIf(process.version.startsWith('v20.') && process.arch === 'x64')(
    'where the eighth bit would be wrong',
    () => {
      it('makes products in pairs', async () => {
        const inPairs = { module: pairs, bytes: { less: 0, inPairs: true } };
        expect(await chooseProducts(relaxed, async () => pairs, 'pairs')).toEqual(inPairs);
        // another browser, whose instruction took the eighth bit as is right
        const wide = { module: relaxed, bytes: null };
        expect(await chooseProducts(relaxed, async () => pairs, 'bytes')).toEqual(wide);
      });

      it('makes them of 16-bit integers when the module for pairs cannot be fetched, and says so', async () => {
        vi.stubGlobal('crossOriginIsolated', true);
        vi.stubGlobal('fetch', async ({ pathname }: URL) =>
          pathname.endsWith('-relaxed.wasm')
            ? new Response(bytesOf('kernels-relaxed.wasm'))
            : new Response(null, { status: 404 }),
        );
        const report = vi.fn();
        const load = { ...nodeKernels, products: 'pairs' as const };
        const source = await loadKernels('https://example.test/kernels/', load, report);
        vi.unstubAllGlobals();
        expect(source).toMatchObject({ module: expect.anything(), bytes: null });
        // the next load tries again
        expect(source?.measured).toBeUndefined();
        expect(report).toHaveBeenCalledOnce();
      });
    },
  );

  it('is again what was quickest', async () => {
    const { run } = KernelProgram.prototype;
    let now = 0;
    let timed = Number.NaN;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    vi.spyOn(KernelProgram.prototype, 'run').mockImplementation(function (this: KernelProgram) {
      // bytes in pairs, tried once more and then timed by turns, take half as long
      now += timed++ % 2 === 1 ? 5 : 10;
      run.call(this);
    });
    const askForPairs = async () => {
      timed = 0;
      return pairs;
    };
    const measured = await chooseProducts(module, askForPairs);
    vi.restoreAllMocks();
    expect(productsOf(measured)).toBe('pairs');
    expect(await chooseProducts(module, async () => pairs, productsOf(measured))).toEqual(measured);
  });

  it.each(BYTES)('gives exact products in pairs with weights that are %s', async (_, bytes) => {
    const source = { ...nodeKernels, module: pairs, bytes: { less: 0, inPairs: true } } as const;
    for (const rows of [1, 2, 3, 4, 7, 8])
      expect(await productError(source, bytes, { rows, isFew: true })).toBeLessThan(1e-6);
    expect(await productError(source, bytes, { rows: 60, isFew: false })).toBeLessThan(1e-6);
  });
});
