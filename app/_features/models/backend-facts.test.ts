import { describe, expect, it } from 'vitest';
import type { SelfTestResult } from '@/lib/engine/types';
import {
  choiceText,
  missingGpuText,
  reasonText,
  runTexts,
  selfTestText,
  unknownTextNote,
} from './backend-facts';

describe('a self-test of a backend in words', () => {
  it('gives both timings where it ran', () => {
    const trial = {
      backend: 'wasm',
      outcome: 'right',
      runMs: 412,
      loadMs: 1_310,
      detail: '',
    } as const;
    expect(selfTestText(trial)).toBe('WASM gives the right text, in 412 ms (loading took 1.3 s).');
  });

  it('leaves timings out where there are none', () => {
    const trial = {
      backend: 'webgpu',
      outcome: 'unavailable',
      runMs: null,
      loadMs: null,
      detail: '',
    } as const;
    expect(selfTestText(trial)).toBe('WebGPU cannot be used here.');
    const gpu = { usable: false, problem: 'software-only', reason: '' } as const;
    expect(missingGpuText(trial, gpu)).toBe('WebGPU has only a software adapter here.');
    expect(missingGpuText(trial, null)).toBeNull();
    expect(missingGpuText(trial, { usable: true, name: 'one', features: new Set() })).toBeNull();
    expect(missingGpuText({ ...trial, backend: 'wasm' }, gpu)).toBeNull();
    expect(missingGpuText({ ...trial, outcome: 'failed' }, gpu)).toBeNull();
  });
});

describe('a self-test of which the right text is not known', () => {
  const trial: SelfTestResult = {
    ...{ backend: 'wasm', outcome: 'right', runMs: 412, loadMs: null, detail: 'la la' },
    anyText: true,
  };
  const silent: SelfTestResult = { ...trial, outcome: 'wrong-text', detail: '' };

  it('says that there was a text, and once that nobody knows whether it is right', () => {
    expect(selfTestText(trial)).toBe('WASM opens the model and gives a text, in 412 ms.');
    expect(unknownTextNote([trial, { ...trial, backend: 'webgpu' }])).toMatch(/was not checked/);
    expect(unknownTextNote([{ ...trial, anyText: undefined }])).toBeNull();
  });

  it('says that there was none', () => {
    expect(selfTestText({ ...silent, runMs: null })).toBe('WASM gives no text, so it is not used.');
    expect(unknownTextNote([silent])).toBeNull();
  });

  it('says nothing of a right text anywhere', () => {
    const webgpu: SelfTestResult = { ...trial, backend: 'webgpu', runMs: 50 };
    const choice = { modelId: 'm', backend: 'wasm', chosenAt: '', reason: '' } as const;
    const told = [
      ...runTexts({ ...trial, asPublished: 'no text' }),
      reasonText({ ...choice, trials: [trial] }, 'auto'),
      reasonText({ ...choice, backend: 'webgpu', trials: [trial, webgpu] }, 'auto'),
      reasonText({ ...choice, trials: [trial, { ...silent, backend: 'webgpu' }] }, 'webgpu'),
    ];
    expect(told).toEqual([
      'Quicker ways did not work here (no text).',
      'Reason: WASM gave a text.',
      'Reason: WebGPU was the fastest that gave a text.',
      'Reason: you chose WebGPU, but it gave no text here.',
    ]);
  });
});

describe('how the parts of a model are run', () => {
  const trial = { backend: 'wasm', outcome: 'right', runMs: 1, loadMs: 1, detail: '' } as const;

  it('is shown part by part, with the reason where a faster way did not work', () => {
    const texts = runTexts({
      ...trial,
      runs: [
        { part: 'encoder', by: 'kernels', reason: null },
        { part: 'decoder', by: 'graph', reason: 'loop: this export is of another form' },
      ],
    });
    expect(texts).toEqual([
      'Encoder runs on the app’s own kernels.',
      'Decoder runs as it was published (loop: this export is of another form).',
    ]);
  });

  it('shows what the faster ways gave where only the published graphs were right', () => {
    expect(runTexts({ ...trial, asPublished: 'wrong text: la la' })).toEqual([
      'Quicker ways did not give the right text here (wrong text: la la).',
    ]);
  });

  it('is not shown for models that know one way only', () => {
    expect(runTexts(trial)).toEqual([]);
  });
});

describe('the reason of a choice', () => {
  it('says whether there was another one to compare with', () => {
    const trial = { outcome: 'right', runMs: 1, loadMs: 1, detail: '' } as const;
    const choice = { modelId: 'm', backend: 'wasm', chosenAt: '', reason: '' } as const;
    const wasm = { ...trial, backend: 'wasm' as const };
    const webgpu = { ...trial, backend: 'webgpu' as const };
    expect(reasonText({ ...choice, trials: [wasm] }, 'auto')).toBe(
      'Reason: WASM gave the right text.',
    );
    expect(reasonText({ ...choice, trials: [wasm, webgpu] }, 'auto')).toBe(
      'Reason: WASM was the fastest that gave the right text.',
    );
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
