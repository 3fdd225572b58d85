import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PhoneNetwork, PhoneScores } from './ctc/network';
import { guardDevice, probeGpu } from './gpu';

afterEach(() => vi.unstubAllGlobals());

/** A browser whose only adapter is this one. */
function stubAdapter(info: Partial<GPUAdapterInfo> | null): void {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => info && { info } } });
}

describe('probeGpu', () => {
  it('says why there is none', async () => {
    vi.stubGlobal('navigator', {});
    expect(await probeGpu()).toEqual({ usable: false, reason: 'This browser has no WebGPU.' });
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
    expect(await probeGpu(true)).toEqual({ usable: true, name: 'google swiftshader' });
  });

  it('names the GPU it found', async () => {
    stubAdapter({ vendor: 'nvidia', architecture: 'hopper', isFallbackAdapter: false });
    expect(await probeGpu()).toEqual({ usable: true, name: 'nvidia hopper' });
  });
});

describe('guardDevice', () => {
  const scores: PhoneScores = { data: Float32Array.of(-1), frames: 1, units: 1 };
  const networkOf = (run: PhoneNetwork['run']): PhoneNetwork => ({
    run,
    release: async () => undefined,
  });
  type Loss = { reason: string; message: string };

  it('ends a run that would wait for a lost device, and every later one', async () => {
    let lose: (loss: Loss) => void = () => undefined;
    const lost = new Promise<Loss>((resolve) => {
      lose = resolve;
    });
    const network = guardDevice(
      networkOf(() => new Promise(() => undefined)),
      { lost },
    );
    const run = network.run(new Float32Array(1), [1]);
    lose({ reason: 'unknown', message: 'GPU process crashed' });
    await expect(run).rejects.toMatchObject({ code: 'GPU_DEVICE_LOST', fatal: true });
    await expect(network.run(new Float32Array(1), [1])).rejects.toMatchObject({
      code: 'GPU_DEVICE_LOST',
    });
  });

  it('changes nothing while the device is there', async () => {
    const network = guardDevice(
      networkOf(async () => scores),
      { lost: new Promise<Loss>(() => undefined) },
    );
    expect(await network.run(new Float32Array(1), [1])).toBe(scores);
  });
});
