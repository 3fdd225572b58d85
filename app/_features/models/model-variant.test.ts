import { describe, expect, it } from 'vitest';
import { canUse, type Device, fittingChoices, obstacle } from './model-variant';
import { halfPrecisionModel, testModel } from './test-models';

const gpu = (...features: string[]): Device['gpu'] => ({
  usable: true,
  name: 'a card',
  features: new Set(features),
});
const noGpu: Device['gpu'] = {
  usable: false,
  problem: 'no-webgpu',
  reason: 'This browser has no WebGPU.',
};

const backends = (model: Parameters<typeof fittingChoices>[0], device: Device) =>
  fittingChoices(model, device).map(({ backend }) => backend);

describe('fittingChoices', () => {
  it.each<[string, Device, string[]]>([
    ['a graphics processor is there', { gpu: gpu(), wished: 'auto' }, ['webgpu', 'wasm']],
    ['there is none', { gpu: noGpu, wished: 'auto' }, ['wasm']],
    ['there is none but it is wished', { gpu: noGpu, wished: 'webgpu' }, ['wasm']],
    ['the browser was not asked yet', { gpu: null, wished: 'auto' }, ['wasm']],
    ['the user wants the main processor', { gpu: gpu(), wished: 'wasm' }, ['wasm']],
  ])('takes what runs, the faster first, when %s', (_, device, expected) => {
    expect(backends(testModel(), device)).toEqual(expected);
  });

  it('takes fp16 weights only where the graphics processor has shader-f16', () => {
    const model = halfPrecisionModel();
    expect(backends(model, { gpu: gpu('shader-f16'), wished: 'auto' })).toEqual(['webgpu']);
    expect(backends(model, { gpu: gpu(), wished: 'auto' })).toEqual([]);
  });
});

describe('obstacle', () => {
  it('says nothing where a model runs', () => {
    expect(obstacle(testModel(), { gpu: noGpu, wished: 'auto' })).toBeNull();
  });

  it('says why a model cannot run here', () => {
    const model = halfPrecisionModel();
    expect(obstacle(model, { gpu: noGpu, wished: 'auto' })).toBe('This browser has no WebGPU.');
    expect(obstacle(model, { gpu: gpu(), wished: 'auto' })).toMatch(/half precision/);
    expect(obstacle(model, { gpu: gpu('shader-f16'), wished: 'wasm' })).toMatch(/Settings/);
  });
});

describe('canUse', () => {
  it('is only for models that are here, for a backend that works here', () => {
    const device: Device = { gpu: noGpu, wished: 'auto' };
    const has = (...list: ('wasm' | 'webgpu')[]) =>
      canUse(testModel(), { state: 'installed', backends: list, bytes: 1 }, device);
    expect(canUse(testModel(), { state: 'absent' }, device)).toBe(false);
    expect(has('wasm')).toBe(true);
    expect(has('webgpu')).toBe(false);
    expect(has('webgpu', 'wasm')).toBe(true);
  });
});
