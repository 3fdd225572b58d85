import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinWords } from '@/lib/core';
import { findRedactions, redactionOf } from './find-redactions';
import { findPhrases, phraseOf } from './phrases';
import { type Redaction, redact, redactText } from './redact';
import type { Transcript } from './types';

const HEAD = {
  id: 'copy',
  title: 'Talk',
  createdAt: '2026-01-02T00:00:00.000Z',
  sourceName: 'copy',
};

/** A transcript of these lines, each word 300 ms long with 100 ms after it. */
function transcriptOf(lines: readonly string[], change: Partial<Transcript> = {}): Transcript {
  let at = 0;
  return {
    version: 1,
    id: 'original',
    title: 'Talk',
    language: 'en',
    createdAt: '2020-05-06T00:00:00.000Z',
    durationMs: 1_000_000,
    source: { name: 'Anna.wav', mediaType: 'audio/wav', sizeBytes: 123, sha256: 'abc' },
    model: { id: 'm', backend: 'wasm', precision: 'q8' },
    speakers: [],
    segments: lines.map((line, row) => {
      const words = line.split(' ').map((text) => {
        const startMs = at;
        at += 400;
        return { text, startMs, endMs: startMs + 300, confidence: 0.5, alternatives: ['Anna'] };
      });
      return {
        id: `Anna-${row}`,
        startMs: words[0]?.startMs ?? at,
        endMs: at,
        speakerId: null,
        text: joinWords(words.map(({ text }) => text)),
        edited: false,
        words,
      };
    }),
    ...change,
  };
}

const groups = (
  lines: readonly string[],
  change: Partial<Transcript> = {},
  vocabulary: string[] = [],
) => findRedactions(transcriptOf(lines, change), vocabulary);

const listed = (found: ReturnType<typeof groups>) =>
  found.map(({ kind, text, count }) => `${kind}: ${text} ×${count}`);

const redaction = (role: string, ...texts: string[]): Redaction => ({
  role,
  phrases: texts.flatMap((text) => phraseOf(text) ?? []),
});

describe('finding what to redact', () => {
  it('finds names inside sentences and at their beginnings, with their parts as one', () => {
    const found = groups([
      'Yesterday I met Anna Schmidt. Schmidt said that the weather in Berlin was fine.',
      "The Schmidt family, I think, lives where Anna's boat is. the end",
    ]);
    expect(listed(found)).toEqual([
      'name: Yesterday ×1',
      'name: Anna Schmidt ×4',
      'name: Berlin ×1',
    ]);
    expect(found.map(({ isLikely }) => isLikely)).toEqual([false, true, true]);
    expect(found[1]?.context).toEqual({
      before: 'Yesterday I met',
      match: 'Anna Schmidt.',
      after: 'Schmidt said that the weather',
    });
  });

  it('keeps a family name apart that two people have', () => {
    const found = groups(['we saw Anna Schmidt and Peter Schmidt but not the other Schmidt']);
    expect(listed(found)).toEqual([
      'name: Anna Schmidt ×1',
      'name: Peter Schmidt ×1',
      'name: Schmidt ×1',
    ]);
  });

  it('takes a name that is a word too only where it has a capital', () => {
    const [will] = groups(['i saw that Will will come']);
    expect(will).toMatchObject({ text: 'Will', count: 1 });
  });

  it('finds speakers and the vocabulary in a text without capitals, and nothing of other texts', () => {
    const found = groups(
      ['anna schmidt came to kubernetes'],
      {
        speakers: [
          { id: 'a', name: 'Anna Schmidt' },
          { id: 'b', name: 'Speaker 2' },
        ],
      },
      ['Kubernetes', 'Nowhere'],
    );
    expect(listed(found)).toEqual(['speaker: Anna Schmidt ×1', 'name: Kubernetes ×1']);
  });

  it('offers German nouns, and holds only names of several words for likely', () => {
    const found = groups(['gestern kam Anna Schmidt mit dem Boot'], { language: 'de-DE' });
    expect(found.map(({ text, isLikely }) => [text, isLikely])).toEqual([
      ['Anna Schmidt', true],
      ['Boot', false],
    ]);
  });

  it('finds a name in a script without spaces when it is typed', () => {
    const transcript = transcriptOf(['昨日 田中さん に 会い ました', '田 中 は 元気'], {
      language: 'ja',
    });
    expect(redactionOf(transcript, '田中')).toMatchObject({ kind: 'added', count: 2 });
    expect(redactionOf(transcript, ' … ')).toBeNull();
  });

  it.each([
    ['en', 'call me on zero one seven one, 555 2368. Two of us', 'zero one seven one, 555 2368'],
    [
      'en',
      'it was May the third nineteen ninety eight you know',
      'May the third nineteen ninety eight',
    ],
    ['en', 'she paid twenty-five thousand for it', 'twenty-five thousand'],
    ['en', 'one of them may be the first one', null],
    ['en', 'on the 3rd of March', '3rd of March'],
    [
      'de',
      'das war am dritten März neunzehnhundertachtundneunzig glaube ich',
      'dritten März neunzehnhundertachtundneunzig',
    ],
    ['de', 'eine von uns und ein Boot', null],
    ['fr', 'le vingt et un janvier', 'vingt et un janvier'],
    ['fi', 'vuonna 1998 oli', '1998'],
  ])('finds numbers, dates and amounts (%s): %s', (language, line, expected) => {
    const numbers = groups([line], { language }).filter(({ kind }) => kind === 'number');
    expect(numbers.map(({ text }) => text)).toEqual(expected === null ? [] : [expected]);
  });

  it.each([
    ['write to anna.s@example.co.uk, please', 'anna.s@example.co.uk'],
    ['it is on www.example.org/anna now', 'www.example.org/anna'],
    ['it is on example.org.', 'example.org'],
    ['it is anna at example dot com for now', 'anna at example dot com'],
    ['e.g. the end.', null],
  ])('finds addresses: %s', (line, expected) => {
    const found = groups([line]).filter(({ kind }) => kind === 'address');
    expect(found.map(({ text }) => text)).toEqual(expected === null ? [] : [expected]);
  });
});

describe('redacting', () => {
  const original = transcriptOf(
    ['then (Anna Schmidt), Schmidt and Ann', 'zero one', 'two annual'],
    {
      title: 'Anna Schmidt',
      speakers: [{ id: 'anna', name: 'Anna Schmidt (host)' }],
      marks: [{ atMs: 5 }],
    },
  );
  const { transcript, spans } = redact(
    original,
    [redaction('[Witness 1]', 'anna schmidt', 'schmidt', 'ann'), redaction('[Number]', 'one two')],
    { ...HEAD, title: 'Anna Schmidt on boats' },
  );

  it('puts one word with the role in the time of those that were said', () => {
    expect(transcript.segments.map(({ text }) => text)).toEqual([
      'then ([Witness 1]), [Witness 1] and [Witness 1]',
      'zero [Number]',
      '[Number] annual',
    ]);
    expect(transcript.segments[0]?.words[1]).toEqual({
      text: '([Witness 1]),',
      startMs: 400,
      endMs: 1100,
      confidence: 1,
    });
    expect(spans.slice(0, 2)).toEqual([
      { startMs: 400, endMs: 1100 },
      { startMs: 1200, endMs: 1500 },
    ]);
  });

  it('keeps nothing of the original beside its words: names, ids, alternatives, the file', () => {
    expect(transcript).toMatchObject({ title: '[Witness 1] on boats', marks: [{ atMs: 5 }] });
    expect(transcript.speakers).toEqual([{ id: 's1', name: '[Witness 1] (host)' }]);
    expect(JSON.stringify(transcript)).not.toMatch(/anna(?!nual)\b|schmidt|2020|abc|123/i);
    expect(original.segments[0]?.words[1]?.text).toBe('(Anna');
  });

  it('takes a name out of a word that it is a part of, and out of a file name', () => {
    const out = [redaction('[X]', 'schmidt')];
    expect(redactText("Schmidt's Anna-Schmidt.", out)).toBe('[X] [X].');
    expect(redactText('2024_schmidt_talk', out)).toBe('[X]');
    expect(redactText('Schmidthausen', out)).toBe('Schmidthausen');
  });
});

describe('any redacted copy', () => {
  const syllable = fc.constantFrom('an', 'be', 'Co', 'de', '7', '田', '中', "be's", 'an-de');
  const word = fc
    .tuple(syllable, fc.constantFrom('', '.', ',', '!', ')'))
    .map(([text, end]) => text + end);
  const lines = fc.array(fc.array(word, { minLength: 1, maxLength: 12 }), {
    minLength: 1,
    maxLength: 5,
  });
  const phrase = fc.array(syllable, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));

  it('has none of the redacted words in any text, ordered words, and texts that are the words joined', () => {
    fc.assert(
      fc.property(
        lines,
        fc.array(phrase, { minLength: 1, maxLength: 4 }),
        phrase,
        (rows, texts, name) => {
          const redactions = texts.map((text) => redaction('[Role]', text));
          const phrases = redactions.flatMap((one) => one.phrases);
          const { transcript, spans } = redact(
            transcriptOf(
              rows.map((row) => row.join(' ')),
              { speakers: [{ id: name, name }] },
            ),
            redactions,
            { ...HEAD, title: name },
          );
          const all = transcript.segments.flatMap((segment) => segment.words);
          const shown = [
            all.map(({ text }) => text),
            ...transcript.segments.map(({ text }) => [text]),
            [transcript.title],
            transcript.speakers.flatMap((speaker) => [speaker.id, speaker.name]),
            [transcript.source.name],
          ];
          for (const words of shown) expect(findPhrases(words, phrases)).toEqual([]);
          for (const { text, words } of transcript.segments) {
            expect(text).toBe(joinWords(words.map((one) => one.text)));
            expect(words.length).toBeGreaterThan(0);
          }
          let endMs = 0;
          for (const one of all) {
            expect(one.startMs).toBeGreaterThanOrEqual(endMs);
            expect(one.endMs).toBeGreaterThan(one.startMs);
            expect(Object.keys(one)).not.toContain('alternatives');
            endMs = one.endMs;
          }
          const roles = all.filter((one) => one.text.includes('[Role]'));
          expect(spans).toEqual(roles.map(({ startMs, endMs }) => ({ startMs, endMs })));
        },
      ),
    );
  });
});
