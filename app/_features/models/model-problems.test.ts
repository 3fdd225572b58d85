import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '@/lib/core/errors';
import { addProblemText, checkProblemText, downloadProblemText } from './model-problems';

describe('failures', () => {
  it('say how much space is missing', () => {
    const details = { neededBytes: 206_000_000, freeBytes: 50_000_000 };
    for (const textOf of [downloadProblemText, addProblemText]) {
      expect(textOf({ code: 'STORE_QUOTA', details }).happened).toMatch(
        /needs 206 MB, and 50\.0 MB are free/,
      );
      const spare = { neededBytes: 40_000_000, freeBytes: 50_000_000 };
      expect(textOf({ code: 'STORE_QUOTA', details: spare }).happened).toMatch(
        /only 50\.0 MB are free, of which some is left/,
      );
      expect(textOf({ code: 'STORE_QUOTA', details: {} }).happened).toMatch(/full/);
    }
  });

  it.each(['OFFLINE', 'MODEL_DOWNLOAD_FAILED', 'MODEL_HASH_MISMATCH', 'NOT_FOUND'] as const)(
    'say of %s what to do next',
    (code) => {
      expect(downloadProblemText({ code, details: {} }).next).toMatch(/\w+\.$/);
    },
  );

  it('have words for every code', () => {
    for (const code of ERROR_CODES)
      for (const textOf of [downloadProblemText, addProblemText])
        expect(textOf({ code, details: {} }).happened).toMatch(/^[A-Z].*\.$/);
  });
});

describe('checkProblemText', () => {
  it('says what each backend made of the self-test clip', () => {
    const details = { webgpu: 'wrong-text: he', wasm: 'failed: RECOGNISE_FAILED' };
    expect(checkProblemText({ code: 'BACKEND_UNAVAILABLE', details })).toBe(
      'Tried on a test recording: WASM stopped with an error, so it is not used. WebGPU gives a wrong text, so it is not used.',
    );
  });

  it('tells a wrong text from none', () => {
    const details = { wasm: 'wrong-text: ' };
    expect(checkProblemText({ code: 'BACKEND_UNAVAILABLE', details })).toBe(
      'Tried on a test recording: WASM gives no text, so it is not used.',
    );
  });

  it('falls back to the words for the failure', () => {
    for (const code of ['BACKEND_UNAVAILABLE', 'OFFLINE'] as const)
      expect(checkProblemText({ code, details: {} })).toMatch(/^[A-Z].*\.$/);
  });
});
