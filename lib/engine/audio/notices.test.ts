import { describe, expect, it } from 'vitest';
import { mergeNotices } from './notices';

const gap = (atMs: number, lengthMs: number | null = null) =>
  ({ kind: 'gap', atMs, lengthMs }) as const;

describe('mergeNotices', () => {
  it('keeps notices of different positions, in order', () => {
    expect(mergeNotices([gap(9000)], [gap(1000), gap(5000)])).toEqual([
      gap(1000),
      gap(5000),
      gap(9000),
    ]);
  });

  it('reports damage found by two readers once, with its length where one knows it', () => {
    expect(mergeNotices([gap(1000)], [gap(1100, 700)])).toEqual([gap(1100, 700)]);
    expect(mergeNotices([gap(1000, 700)], [gap(1100)])).toEqual([gap(1000, 700)]);
  });

  it('takes a gap at which the recording breaks off for the break', () => {
    const end = { kind: 'cut-off', atMs: 1100, lengthMs: null } as const;
    expect(mergeNotices([gap(1000)], [end])).toEqual([end]);
    expect(mergeNotices([gap(1000, 50)], [end])).toEqual([gap(1000, 50), end]);
    expect(mergeNotices([gap(100)], [end])).toEqual([gap(100), end]);
  });
});
