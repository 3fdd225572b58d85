import { describe, expect, it } from 'vitest';
import type { DecodeNotice } from '@/lib/engine/audio/types';
import { noticeTexts } from './facts';

const missing = (atMs: number, lengthMs: number, count?: number): DecodeNotice => ({
  kind: 'missing',
  atMs,
  lengthMs,
  ...(count === undefined ? {} : { count }),
});

describe('noticeTexts', () => {
  it('sums many gaps up in one line, and does not call them damage', () => {
    const gaps = Array.from({ length: 81 }, (_, i) => missing(512 * i, 64));
    expect(noticeTexts(gaps)).toEqual([
      '81 short gaps between 0:00 and 0:40, 5 s in all: the file contains no audio there.',
    ]);
    expect(noticeTexts([...gaps, missing(50_000, 640, 10)])[0]).toMatch(/^91 short gaps/);
  });

  it('lists a few gaps one by one', () => {
    expect(noticeTexts([missing(5000, 64), missing(9000, 7000)])).toEqual([
      'The file contains no audio for less than a second at 0:05.',
      'The file contains no audio for 7 s at 0:09.',
    ]);
  });

  it('names a jump of the clock as such', () => {
    const [text] = noticeTexts([missing(20_000, 3_000_000)]);
    expect(text).toContain('clock jumps ahead by 50 min at 0:20');
    expect(text).not.toContain('damaged');
    expect(noticeTexts([{ kind: 'clock', atMs: 1000, lengthMs: 3_000_000 }])[0]).toContain(
      '50 min longer',
    );
  });

  it('names damage and a broken end as such', () => {
    const gap = (atMs: number): DecodeNotice => ({ kind: 'gap', atMs, lengthMs: null });
    expect(noticeTexts([gap(1000), { kind: 'cut-off', atMs: 9000, lengthMs: 4000 }])).toEqual([
      'A damaged part at 0:01 could not be read and is missing here.',
      'The recording breaks off at 0:09: the rest of the file (4 s) could not be read.',
    ]);
    expect(noticeTexts([1, 2, 3, 4].map((s) => gap(s * 1000)))).toEqual([
      '4 damaged parts between 0:01 and 0:04 could not be read and are missing here.',
    ]);
  });

  it('names a track that could not be read', () => {
    const track = { index: 1, name: 'ben.mp3' };
    const [whole] = noticeTexts([{ kind: 'track', atMs: 0, lengthMs: null, track }]);
    expect(whole).toContain('Track 2 · ben.mp3');
    const [rest] = noticeTexts([{ kind: 'track', atMs: 61_000, lengthMs: null, track }]);
    expect(rest).toContain('from 1:01 on');
  });
});
