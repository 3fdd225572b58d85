import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tableLines } from '../command/table';
import { readManifest } from './manifest';
import { scoreOutcomes } from './score';

describe('readManifest', () => {
  let folder = '';
  const write = (...lines: string[]) => {
    const path = join(folder, 'set.jsonl');
    writeFileSync(path, lines.join('\n'));
    return path;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ai2text-manifest-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('finds audio beside the manifest', () => {
    const path = write('{"audio": "a/b.flac", "duration": 2.5, "text": "HELLO"}', '');
    expect(readManifest(path)).toEqual([
      {
        audio: 'a/b.flac',
        path: join(folder, 'a', 'b.flac'),
        duration: 2.5,
        text: 'HELLO',
        words: [],
      },
    ]);
  });

  it('takes as many as asked for', () => {
    const line = '{"audio": "a.flac", "duration": 1, "text": "a"}';
    expect(readManifest(write(line, line, line), 2)).toHaveLength(2);
  });

  it.each([
    ['{"audio": "a.flac", "text": "a"}', /set\.jsonl:1: audio, duration and text/],
    ['not json', /set\.jsonl:1: not a line of JSON/],
    ['', /names no audio/],
  ])('refuses %j and says where', (line, message) => {
    expect(() => readManifest(write(line))).toThrow(message);
  });

  it('says when there is none', () => {
    expect(() => readManifest(join(folder, 'none.jsonl'))).toThrow('There is no manifest');
  });
});

describe('scoreOutcomes', () => {
  it('counts every word of a failed file as deleted, and normalises both texts', () => {
    const report = scoreOutcomes([
      { audio: 'a.flac', reference: 'TWENTY ONE COLOURS', hypothesis: '21 colors.' },
      { audio: 'b.flac', reference: 'ONE MORE', hypothesis: '', error: 'It broke.' },
    ]);
    expect(report).toMatchObject({
      utterances: 2,
      referenceWords: 4,
      wer: 0.5,
      words: { deletions: 2, substitutions: 0, insertions: 0 },
    });
    expect(report.items).toEqual([
      { audio: 'a.flac', reference: 'TWENTY ONE COLOURS', hypothesis: '21 colors.', wer: 0 },
      { audio: 'b.flac', reference: 'ONE MORE', hypothesis: '', wer: 1, error: 'It broke.' },
    ]);
  });
});

describe('tableLines', () => {
  it('aligns texts at the left and numbers at the right', () => {
    expect(
      tableLines(
        ['name', 'value'],
        [
          ['decode', '1.50'],
          ['a', '120'],
        ],
      ),
    ).toEqual(['name    value', '------  -----', 'decode   1.50', 'a         120']);
  });
});
