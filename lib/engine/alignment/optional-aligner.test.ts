import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { knowsLanguage, optionalAligner } from './optional-aligner';

const TIMES = [{ startSample: 1, endSample: 2 }];
const pcm = new Float32Array(10);

function fake(align: () => Promise<typeof TIMES>) {
  const steps: string[] = [];
  const aligner = optionalAligner('en', async () => {
    steps.push('open');
    return { align, release: async () => void steps.push('release') };
  });
  return { aligner, steps };
}

describe('optionalAligner', () => {
  it('is opened when the first words come, once, and released with the model', async () => {
    const { aligner, steps } = fake(async () => TIMES);
    expect(steps).toEqual([]);
    expect(await aligner.align(pcm, ['one'])).toEqual(TIMES);
    expect(await aligner.align(pcm, ['one'])).toEqual(TIMES);
    await aligner.release();
    expect(steps).toEqual(['open', 'release']);
  });

  it('opens nothing when it is released unused', async () => {
    const { aligner, steps } = fake(async () => TIMES);
    await aligner.release();
    expect(steps).toEqual([]);
  });

  it('gives no times where it cannot be opened, and does not try again', async () => {
    let opened = 0;
    const aligner = optionalAligner('en', () => {
      opened++;
      return Promise.reject(new AppError('OUT_OF_MEMORY', 'Too large.', { fatal: true }));
    });
    expect(await aligner.align(pcm, ['one'])).toBeNull();
    expect(await aligner.align(pcm, ['one'])).toBeNull();
    expect(opened).toBe(1);
    await aligner.release();
  });

  it('frees its memory when a run fails', async () => {
    const { aligner, steps } = fake(() => Promise.reject(new RangeError('out of memory')));
    expect(await aligner.align(pcm, ['one'])).toBeNull();
    expect(await aligner.align(pcm, ['one'])).toBeNull();
    expect(steps).toEqual(['open', 'release']);
  });

  it('reports a lost GPU, which the recognising model has lost as well', async () => {
    const { aligner } = fake(() => Promise.reject(new AppError('GPU_DEVICE_LOST', 'Gone.')));
    await expect(aligner.align(pcm, ['one'])).rejects.toMatchObject({ code: 'GPU_DEVICE_LOST' });
  });
});

describe('knowsLanguage', () => {
  const { aligner } = fake(async () => TIMES);

  it('knows a language whatever its region, and no other', () => {
    expect(knowsLanguage(aligner, 'en')).toBe(true);
    expect(knowsLanguage(aligner, 'en-GB')).toBe(true);
    expect(knowsLanguage(aligner, 'de')).toBe(false);
    expect(knowsLanguage(aligner, null)).toBe(false);
  });
});
