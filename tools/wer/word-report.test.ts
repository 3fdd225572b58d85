import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readManifest } from './manifest';
import { confidenceLines, timeRows, vocabularyRows } from './word-report';
import { scoreConfidence, scoreTimes } from './word-scores';

const folder = mkdtempSync(join(tmpdir(), 'word-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const utterance = { audio: 'one.wav', duration: 1, text: 'one two' };
const words = [
  { text: 'one', startMs: 100, endMs: 300 },
  { text: 'two', startMs: 400, endMs: 700 },
];

function manifest(line: object): string {
  const path = join(folder, 'manifest.jsonl');
  writeFileSync(path, `${JSON.stringify(line)}\n`);
  return path;
}

describe('a manifest with word times', () => {
  it('is read where times are wanted', () => {
    const path = manifest({ ...utterance, words });
    expect(readManifest(path, 1, { times: true })[0]?.words).toEqual(words);
  });

  it('is refused where an utterance has none, by its line', () => {
    for (const one of [utterance, { ...utterance, words: [{ text: 'one', startMs: 5 }] }])
      expect(() => readManifest(manifest(one), 1, { times: true })).toThrow(
        'manifest.jsonl:1: --times needs "words", a list of text, startMs and endMs.',
      );
    expect(readManifest(manifest(utterance))).toHaveLength(1);
  });
});

describe('the report on words', () => {
  const heard = [
    { text: 'One', startMs: 120, endMs: 310, confidence: 0.95 },
    { text: 'too', startMs: 400, endMs: 700, confidence: 0.35 },
  ];
  it('shows how names of a vocabulary fared', () => {
    const scores = { entries: 9, said: 4, found: 3, inserted: 2 };
    expect(vocabularyRows(scores)).toEqual([
      ['vocabulary', '9 entries, said 4 times'],
      ['recall', '75.0 % (3 of 4)'],
      ['false insertions', '2'],
    ]);
    expect(vocabularyRows({ ...scores, said: 0 })[1]).toEqual(['recall', '–']);
  });

  it('shows times and confidence in lines', () => {
    const times = scoreTimes([{ reference: words, hypothesis: heard }]);
    const confidence = scoreConfidence([{ reference: ['one', 'two'], hypothesis: heard }]);
    expect(timeRows(times)).toEqual([
      ['words with times compared', '1 of 2'],
      ['starts', 'mean error 20.0 ms, bias 20.0 ms, 90 % within 20.0 ms'],
      ['ends', 'mean error 10.0 ms, bias 10.0 ms, 90 % within 10.0 ms'],
    ]);
    const lines = confidenceLines(confidence);
    expect(lines).toHaveLength(13);
    expect(lines[11]).toMatch(/^0\.9 to 1\.0 +1 +95\.0 % +100\.0 %$/);
    expect(lines.at(-1)).toContain('2 words, expected calibration error 0.200');
  });
});
