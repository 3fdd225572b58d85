import { describe, expect, it } from 'vitest';
import { choiceText, reasonText, trialText } from './backend-facts';

describe('a trial of a backend in words', () => {
  it('gives both timings where it ran', () => {
    const trial = {
      backend: 'wasm',
      outcome: 'right',
      runMs: 412,
      loadMs: 1_310,
      detail: '',
    } as const;
    expect(trialText(trial)).toBe('WASM gives the right text, in 412 ms (loading took 1.3 s).');
  });

  it('leaves timings out where there are none', () => {
    const trial = {
      backend: 'webgpu',
      outcome: 'unavailable',
      runMs: null,
      loadMs: null,
      detail: '',
    } as const;
    expect(trialText(trial)).toBe('WebGPU cannot be used here.');
  });
});

describe('the reason of a choice', () => {
  it('ends in one full stop, whether it came with one or not', () => {
    const choice = { modelId: 'm', backend: 'wasm', chosenAt: '' } as const;
    for (const reason of ['it is faster', 'it is faster.'])
      expect(reasonText({ ...choice, trials: [], reason }, 'auto')).toBe('Reason: it is faster.');
  });
});

describe('what is used when the user wishes for a backend', () => {
  const trial = { backend: 'webgpu', runMs: null, loadMs: null, detail: '' } as const;
  const choice = { modelId: 'm', backend: 'wasm', reason: 'it is faster', chosenAt: '' } as const;
  const right = { ...choice, trials: [{ ...trial, outcome: 'right' as const }] };
  const wrong = { ...choice, trials: [{ ...trial, outcome: 'wrong-text' as const }] };

  it('is the wish, and not what was measured', () => {
    expect(choiceText(right, 'webgpu')).toBe('WebGPU is used on this device.');
    expect(reasonText(right, 'webgpu')).toBe('Reason: you chose it.');
  });

  it('is not a GPU that gives a wrong text', () => {
    expect(choiceText(wrong, 'webgpu')).toBe('WASM is used on this device.');
    expect(reasonText(wrong, 'webgpu')).toMatch(/you chose WebGPU, but/);
  });
});
