import { afterEach, describe, expect, it, vi } from 'vitest';
import { deviceLoss, probeGpu } from './gpu';

afterEach(() => vi.unstubAllGlobals());

/** A browser whose only adapter is this one. */
function stubAdapter(info: Partial<GPUAdapterInfo> | null): void {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => info && { info } } });
}

describe('probeGpu', () => {
  it('says why there is none', async () => {
    vi.stubGlobal('navigator', {});
    expect(await probeGpu()).toEqual({
      usable: false,
      problem: 'no-webgpu',
      reason: 'This browser has no WebGPU.',
    });
    stubAdapter(null);
    expect(await probeGpu()).toMatchObject({
      usable: false,
      reason: expect.stringContaining('no graphics adapter'),
    });
  });

  it('takes a software adapter only when that is allowed', async () => {
    stubAdapter({ vendor: 'google', architecture: 'swiftshader', isFallbackAdapter: true });
    expect(await probeGpu()).toMatchObject({
      usable: false,
      reason: expect.stringContaining('google swiftshader'),
    });
    expect(await probeGpu(true)).toEqual({
      usable: true,
      name: 'google swiftshader',
      features: new Set(),
    });
  });

  it('names the GPU it found', async () => {
    stubAdapter({ vendor: 'nvidia', architecture: 'hopper', isFallbackAdapter: false });
    expect(await probeGpu()).toMatchObject({ usable: true, name: 'nvidia hopper' });
  });
});

describe('deviceLoss', () => {
  it('ends what would wait for a lost device, and every later run', async () => {
    let lose: (loss: { reason: string; message: string }) => void = () => undefined;
    const loss = deviceLoss({
      lost: new Promise((resolve) => {
        lose = resolve;
      }),
    });
    const run = Promise.race([loss, new Promise(() => undefined)]);
    lose({ reason: 'unknown', message: 'the driver crashed' });
    const expected = { code: 'GPU_DEVICE_LOST', fatal: true };
    await expect(run).rejects.toMatchObject(expected);
    await expect(Promise.race([loss, new Promise(() => undefined)])).rejects.toMatchObject(
      expected,
    );
  });
});
