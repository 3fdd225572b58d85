import { describe, expect, it } from 'vitest';
import { mergeNotices } from './notices';

const gap = (atMs: number, lengthMs: number | null = null) =>
  ({ kind: 'gap', atMs, lengthMs }) as const;

describe('mergeNotices', () => {
  it('keeps notices of different places, in order', () => {
    expect(mergeNotices([gap(9000)], [gap(1000), gap(5000)])).toEqual([
      gap(1000),
      gap(5000),
      gap(9000),
    ]);
  });

  it('tells damage that two readers found once, with its length where one knows it', () => {
    expect(mergeNotices([gap(1000)], [gap(1100, 700)])).toEqual([gap(1100, 700)]);
    expect(mergeNotices([gap(1000, 700)], [gap(1100)])).toEqual([gap(1000, 700)]);
  });

  it('tells a gap and a cut-off end at the same place apart', () => {
    const end = { kind: 'cut-off', atMs: 1000, lengthMs: null } as const;
    expect(mergeNotices([gap(1000)], [end])).toHaveLength(2);
  });
});
