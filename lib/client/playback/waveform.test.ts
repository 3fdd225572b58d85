import { describe, expect, it } from 'vitest';
import { columnsOf, joinPeaks } from './waveform';

describe('the waveform', () => {
  it('joins pieces at their positions and fills gaps with silence', () => {
    const pieces = [
      { transcriptId: 'a', firstPeak: 4, peaks: new Uint8Array([9, 8]) },
      { transcriptId: 'a', firstPeak: 0, peaks: new Uint8Array([1, 2]) },
    ];
    expect([...joinPeaks(pieces, 400)]).toEqual([1, 2, 0, 0, 9, 8, 0, 0]);
    expect(joinPeaks(pieces, 0)).toHaveLength(6);
  });

  it('keeps the loudest peak when many share a column', () => {
    const peaks = new Uint8Array(1000);
    peaks[777] = 200;
    expect(Math.max(...columnsOf(peaks, 10))).toBe(200);
    expect(columnsOf(peaks, 10)[7]).toBe(200);
  });

  it('repeats peaks if there are fewer than columns', () => {
    expect([...columnsOf(new Uint8Array([5, 7]), 4)]).toEqual([5, 5, 7, 7]);
    expect([...columnsOf(new Uint8Array(), 3)]).toEqual([0, 0, 0]);
  });

  it('takes a part of the peaks, from and to within one', () => {
    const peaks = new Uint8Array([9, 1, 2, 3, 4, 9]);
    expect([...columnsOf(peaks, 2, 1, 5)]).toEqual([2, 4]);
    expect([...columnsOf(peaks, 4, 1.5, 3.5)]).toEqual([1, 2, 2, 3]);
  });
});
