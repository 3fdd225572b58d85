import { describe, expect, it } from 'vitest';
import { DEFAULT_SEGMENTER_OPTIONS, segmenterOptions } from './options';

describe('segmenterOptions', () => {
  it('fills in what is not given', () => {
    expect(segmenterOptions({ minSpeechMs: 64 })).toEqual({
      ...DEFAULT_SEGMENTER_OPTIONS,
      minSpeechMs: 64,
    });
  });

  it.each([
    { onThreshold: 1.5 },
    { offThreshold: 0.6 },
    { minSpeechMs: -1 },
    { speechPadMs: Number.NaN },
    { minSilenceMs: 2000 },
    { speechPadMs: 800 },
    { minSplitMs: 500 },
    { maxSegmentMs: 7000 },
  ])('refuses %o', (options) => {
    expect(() => segmenterOptions(options)).toThrow(RangeError);
  });
});
