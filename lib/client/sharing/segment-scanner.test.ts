import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SegmentScanner } from './segment-scanner';

/** Scans a text that comes in pieces of these lengths, again and again. */
function scan(text: string, pieces: readonly number[] = [text.length + 1], maxLetters = 2 ** 20) {
  const scanner = new SegmentScanner(maxLetters, () => new RangeError('too long'));
  const segments: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const length = Math.max(1, pieces[turn % pieces.length] ?? 1);
    segments.push(...scanner.push(text.slice(at, at + length)));
    at += length;
  }
  return { segments: segments.map((one): unknown => JSON.parse(one)), rest: scanner.rest() };
}

const json = fc.jsonValue({ maxDepth: 3 });
const named = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom('segments', 'transcript', 'words')),
  json,
  { maxKeys: 4 },
);

describe('the segments of a document that comes in pieces', () => {
  it('are those that are in its JSON, however it is written and cut', () => {
    fc.assert(
      fc.property(
        named,
        named,
        named,
        named,
        fc.array(json, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(undefined, 1, '\t'),
        (before, after, first, last, segments, pieces, space) => {
          const { transcript: _, ...start } = before;
          const { transcript: __, ...end } = after;
          const { segments: ___, ...head } = first;
          const { segments: ____, ...tail } = last;
          const document = { ...start, transcript: { ...head, segments, ...tail }, ...end };
          const found = scan(JSON.stringify(document, null, space), pieces);
          // numbers such as -0 have another form in JSON
          expect(found.segments).toEqual(JSON.parse(JSON.stringify(segments)));
          expect(JSON.parse(found.rest)).toEqual(
            JSON.parse(
              JSON.stringify({ ...document, transcript: { ...document.transcript, segments: [] } }),
            ),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are not looked for elsewhere', () => {
    for (const text of [
      '{"segments":[1]}',
      '{"audio":{"segments":[1]}}',
      '{"transcript":[{"segments":[1]}]}',
      '{"a":{"transcript":{"segments":[1]}}}',
      '{"transcript":{"a":{"segments":[1]}}}',
    ])
      expect(scan(text)).toEqual({ segments: [], rest: text });
  });

  it('leave what is not JSON for the parser to refuse', () => {
    for (const text of [
      '',
      '{',
      '"',
      '{"transcript":{"segments":[',
      '{"transcript":{"segments":[}}',
    ])
      expect(() => JSON.parse(scan(text).rest)).toThrow(SyntaxError);
    expect(() => scan('{"transcript":{"segments":[1,,2]}}')).toThrow(SyntaxError);
  });

  it('are refused when one is too long, before it is held', () => {
    const long = JSON.stringify({ transcript: { segments: ['a'.repeat(200)] } });
    expect(() => scan(long, [50], 100)).toThrow(RangeError);
    const many = JSON.stringify({ transcript: { segments: Array(100).fill('a'.repeat(50)) } });
    expect(scan(many, [50], 100).segments).toHaveLength(100);
  });
});
