import { describe, expect, it } from 'vitest';
import type { SelfTestResult } from '@/lib/engine/types';
import { chooseBackend } from './choose-backend';

const NOW = '2026-11-23T05:00:00.000Z';

function resultOf(change: Partial<SelfTestResult>): SelfTestResult {
  return { backend: 'wasm', outcome: 'right', runMs: 100, loadMs: 900, detail: 'text', ...change };
}

describe('chooseBackend', () => {
  it('chooses the faster of two that are right', () => {
    const trials = [resultOf({}), resultOf({ backend: 'webgpu', runMs: 40 })];
    expect(chooseBackend('m', trials, NOW)).toEqual({
      modelId: 'm',
      backend: 'webgpu',
      reason: 'webgpu gave the known text in 40 ms; wasm gave it too in 100 ms',
      trials,
      chosenAt: NOW,
    });
  });

  it('never takes one whose text is wrong, however fast it is', () => {
    const wrong = resultOf({ backend: 'webgpu', outcome: 'wrong-text', runMs: 1 });
    const choice = chooseBackend('m', [wrong, resultOf({})], NOW);
    expect(choice.backend).toBe('wasm');
    expect(choice.reason).toContain('webgpu gave another text, so it is not used');
  });

  it('says why the other one could not be used', () => {
    const none = resultOf({
      backend: 'webgpu',
      outcome: 'unavailable',
      runMs: null,
      detail: 'No GPU.',
    });
    expect(chooseBackend('m', [resultOf({}), none], NOW).reason).toBe(
      'wasm gave the known text in 100 ms; webgpu is not available: No GPU.',
    );
  });

  it('does not call a text right when the expected one is unknown', () => {
    const some = resultOf({ anyText: true });
    const others = [
      resultOf({ backend: 'webgpu', runMs: 400, anyText: true }),
      resultOf({ backend: 'webgpu', outcome: 'wrong-text', detail: '', anyText: true }),
    ];
    expect(others.map((other) => chooseBackend('m', [some, other], NOW).reason)).toEqual([
      'wasm gave a text in 100 ms; webgpu gave one too in 400 ms',
      'wasm gave a text in 100 ms; webgpu gave no text, so it is not used',
    ]);
  });

  it('refuses to choose when none is right, and says what each did', () => {
    const failed = resultOf({ outcome: 'failed', runMs: null, detail: 'RECOGNISE_FAILED: broken' });
    const wrong = resultOf({ backend: 'webgpu', outcome: 'wrong-text', detail: 'zzz' });
    expect(() => chooseBackend('m', [failed, wrong], NOW)).toThrowError(
      expect.objectContaining({
        code: 'BACKEND_UNAVAILABLE',
        details: { wasm: 'failed: RECOGNISE_FAILED: broken', webgpu: 'wrong-text: zzz' },
      }),
    );
    const full = resultOf({
      outcome: 'failed',
      runMs: null,
      detail: 'full',
      code: 'OUT_OF_MEMORY',
    });
    expect(() => chooseBackend('m', [full, wrong], NOW)).toThrowError(
      expect.objectContaining({ code: 'OUT_OF_MEMORY' }),
    );
    expect(() => chooseBackend('m', [], NOW)).toThrowError(
      expect.objectContaining({ code: 'BACKEND_UNAVAILABLE' }),
    );
  });
});
