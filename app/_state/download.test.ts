import { describe, expect, it } from 'vitest';
import { safeFileName } from './download';

describe('safeFileName', () => {
  it('keeps a plain name', () => {
    expect(safeFileName('Team meeting, 3 May.srt')).toBe('Team meeting, 3 May.srt');
  });

  it('takes out what file systems refuse', () => {
    expect(safeFileName('a/b\\c:d*e?.txt')).toBe('a b c d e .txt');
    expect(safeFileName('../../etc/passwd')).toBe('etc passwd');
    expect(safeFileName(' . ')).toBe('transcript');
  });

  it('keeps the ending of a very long name', () => {
    expect(safeFileName(`${'x'.repeat(400)}.vtt`)).toMatch(/^x{176}\.vtt$/);
  });
});
