import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transcriptSchema } from '../transcript/types';
import { DEFAULT_EXPORT_OPTIONS } from './options';
import { prepare } from './prepare';
import { conversations, segment, sentence, transcript, wordsIn } from './test-transcripts';
import { cleanTranscript, isFiller, withPauses } from './verbatim';

const clean = (text: string, language = 'en') =>
  cleanTranscript({ ...transcript([sentence(text, 0)]), language }).segments[0]?.text;

describe('isFiller', () => {
  it.each([
    ['en', ['um', 'Um,', 'uh', 'uhh...', 'er', 'hmm']],
    ['de', ['äh', 'Ähm,', 'öh', 'hm']],
    ['de-CH', ['ähm']],
    ['fr', ['euh', 'Euh…', 'heu']],
    ['es', ['eh', 'em', '¡Eh!']],
    ['und', ['uhm', 'ähm', 'hmm']],
  ])('knows those of %s', (language, words) => {
    for (const word of words) expect([word, isFiller(word, language)]).toEqual([word, true]);
  });

  it.each([
    ['de', ['um', 'er', 'ehe']],
    ['en', ['umbrella', 'her', 'ER', 'oh', 'like', 'mhm', 'uh-huh', '']],
    ['fr', ['eu', 'un', 'hein']],
    ['und', ['um', 'er', 'eh']],
  ])('leaves words of %s', (language, words) => {
    for (const word of words) expect([word, isFiller(word, language)]).toEqual([word, false]);
  });
});

describe('cleanTranscript', () => {
  it.each([
    ['Um, I think so.', 'I think so.'],
    ['Um, we left.', 'We left.'],
    ['I was, uh, going home.', 'I was going home.'],
    ['and um we left', 'and we left'],
    ['I think so, um.', 'I think so.'],
    ['He left. Uh, she stayed.', 'He left. She stayed.'],
    ['It is uh...', 'It is...'],
    ['nothing to remove', 'nothing to remove'],
  ])('makes %j into %j', (text, wanted) => {
    expect(clean(text)).toBe(wanted);
  });

  it('leaves out a segment of nothing else', () => {
    const given = transcript([sentence('Um, uh.', 0), sentence('Yes.', 5000)]);
    expect(cleanTranscript(given).segments.map(({ text }) => text)).toEqual(['Yes.']);
  });

  it('keeps the times of the words that stay, and their order', () => {
    fc.assert(
      fc.property(conversations, (given) => {
        const before = new Set(wordsIn(given).map(({ startMs, endMs }) => `${startMs}-${endMs}`));
        const after = wordsIn(cleanTranscript(given));
        for (const [i, { startMs, endMs }] of after.entries()) {
          expect(before).toContain(`${startMs}-${endMs}`);
          expect(startMs).toBeGreaterThanOrEqual(after[i - 1]?.endMs ?? 0);
        }
      }),
    );
  });
});

describe('withPauses', () => {
  it('writes the pauses of a segment and between segments, as long as they are', () => {
    const given = transcript([
      segment([
        { text: 'So', lengthMs: 300, gapMs: 5000 },
        { text: 'then', lengthMs: 300, gapMs: 2149 },
      ]),
      segment([{ text: 'we', lengthMs: 300, gapMs: 1000 }], 7749),
      segment([{ text: 'left', lengthMs: 300, gapMs: 999 }], 9049),
    ]);
    const shown = withPauses(given, 1000);
    // nobody has paused before the first word
    expect(shown.segments.map(({ text }) => text)).toEqual(['So (2.1) then', '(1.0) we', 'left']);
    expect(shown.segments[0]?.words[1]).toMatchObject({ startMs: 5300, endMs: 7449 });
  });

  it('ends a segment at the pause after its last word', () => {
    const first = segment([{ text: 'So', lengthMs: 300, gapMs: 0 }]);
    const given = transcript([
      { ...first, endMs: 450 },
      segment([{ text: 'then', lengthMs: 300, gapMs: 0 }], 2000),
    ]);
    expect(
      withPauses(given, 1000).segments.map(({ text, startMs, endMs }) => [text, startMs, endMs]),
    ).toEqual([
      ['So', 0, 300],
      ['(1.7) then', 300, 2300],
    ]);
  });

  it('leaves those who speak at once their times', () => {
    const given = transcript([
      segment([{ text: 'Wait', lengthMs: 900, gapMs: 0 }], 0, 's1'),
      segment([{ text: 'no', lengthMs: 300, gapMs: 0 }], 500, 's2'),
    ]);
    expect(withPauses(given, 1000).segments).toEqual(given.segments);
  });

  it('leaves a valid transcript with the words in order', () => {
    fc.assert(
      fc.property(conversations, fc.integer({ min: 100, max: 3000 }), (given, minMs) => {
        const shown = withPauses(given, minMs);
        expect(transcriptSchema.safeParse(shown).success).toBe(true);
        let at = 0;
        for (const { startMs, endMs, words } of shown.segments) {
          expect(startMs).toBeGreaterThanOrEqual(at);
          for (const word of words) {
            expect(word.startMs).toBeGreaterThanOrEqual(Math.max(at, startMs));
            expect(word.endMs).toBeGreaterThan(word.startMs);
            at = word.endMs;
          }
          expect(endMs).toBeGreaterThanOrEqual(at);
        }
        const spoken = new Set(wordsIn(given));
        expect(wordsIn(shown).filter((word) => spoken.has(word))).toEqual(wordsIn(given));
      }),
    );
  });
});

describe('prepare', () => {
  const given = transcript([
    segment([
      { text: 'Um,', lengthMs: 300, gapMs: 0 },
      { text: 'yes', lengthMs: 300, gapMs: 1500 },
    ]),
  ]);
  const text = (change: Partial<typeof DEFAULT_EXPORT_OPTIONS>) =>
    prepare(given, { ...DEFAULT_EXPORT_OPTIONS, ...change }).segments[0]?.text;

  it('has one switch between what was said and what is read', () => {
    expect(text({})).toBe('Um, yes');
    expect(text({ pauses: true })).toBe('Um, (1.5) yes');
    expect(text({ pauses: true, minPauseMs: 2000 })).toBe('Um, yes');
    expect(text({ pauses: true, verbatim: false })).toBe('Yes');
  });
});
