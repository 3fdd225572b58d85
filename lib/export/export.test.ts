import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportFileName } from './index';
import { writeJson } from './json';
import { writeMd } from './md';
import { DEFAULT_EXPORT_OPTIONS, ENGLISH_LABELS } from './options';
import { writeMaxqda, writeQualCoder } from './qda';
import { conversations, segment, sentence, transcript, transcripts } from './test-transcripts';
import { writeTxt } from './txt';

const OPTIONS = DEFAULT_EXPORT_OPTIONS;
const txt = (...[given, options = OPTIONS]: [Parameters<typeof writeTxt>[0], typeof OPTIONS?]) =>
  writeTxt(given, options, ENGLISH_LABELS);

describe('writeTxt', () => {
  it('begins a paragraph at a long pause', () => {
    const part = (text: string, gapMs: number, fromMs: number) =>
      segment([{ text, lengthMs: 500, gapMs }], fromMs);
    const given = transcript([
      part('One.', 0, 0),
      part('Two.', 500, 500),
      part('Three.', 2000, 1500),
    ]);
    expect(txt(given)).toBe('One. Two.\n\nThree.\n');
  });

  it('names the speaker at each turn', () => {
    const turn = (text: string, speakerId: string, fromMs: number) => ({
      ...segment([{ text, lengthMs: 500, gapMs: 0 }], fromMs),
      speakerId,
    });
    const given = {
      ...transcript([turn('Hi.', 's1', 0), turn('Yes.', 's1', 600), turn('Hello.', 's2', 1200)]),
      speakers: [
        { id: 's1', name: 'Ann' },
        { id: 's2', name: 'Bo' },
      ],
    };
    expect(txt(given)).toBe('Ann: Hi. Yes.\n\nBo: Hello.\n');
  });

  it('has the text of every segment in order', () => {
    fc.assert(
      fc.property(transcripts, (given) => {
        let rest = txt(given);
        for (const { text } of given.segments) {
          expect(rest.trimStart().startsWith(text)).toBe(true);
          rest = rest.trimStart().slice(text.length);
        }
        expect(rest.trim()).toBe('');
      }),
    );
  });

  it('joins segments of text without spaces', () => {
    const texts = ['今天天气很好', '我们去散步。', 'Hello', '안녕'];
    const given = texts.map((text, at) => segment([{ text, lengthMs: 500, gapMs: 0 }], at * 500));
    expect(txt(transcript(given))).toBe('今天天气很好我们去散步。Hello 안녕\n');
  });
});

describe('what the user chooses for text', () => {
  const given = {
    ...transcript([
      sentence('Good morning.', 61_000, 's1'),
      sentence('Fine, thanks.', 64_000, 's2'),
      sentence('And you?', 65_000, 's2'),
    ]),
    marks: [{ atMs: 64_500, label: 'Mood' }],
  };

  it('is speakers, times and bookmarks', () => {
    expect(txt(given, { ...OPTIONS, times: true })).toBe(
      '[00:01:01] Ann & Co. <1>: Good morning.\n\n[Bookmark 00:01:04: Mood]\n\n[00:01:04] Bo: Fine, thanks. And you?\n',
    );
    expect(txt(given, { ...OPTIONS, speakers: false, bookmarks: false })).toBe(
      'Good morning.\n\nFine, thanks. And you?\n',
    );
  });

  it('is shown in Markdown, in which nothing that was said is markup', () => {
    const said = { ...given.segments[0], text: '# 1. *not* <b>bold</b> [x](y)' };
    const segments = given.segments.map((one, at) => (at === 0 ? { ...one, ...said } : one));
    expect(
      writeMd({ ...given, segments }, { ...OPTIONS, times: true }, ENGLISH_LABELS),
    ).toBe(`# Talk

- Recording: talk.mp3
- Date: 2026-01-02
- Duration: 00:01:05
- Language: English
- Speakers: Ann \\& Co. \\<1\\>, Bo

**Ann \\& Co. \\<1\\>:** \\[00:01:01\\] \\# 1. \\*not\\* \\<b\\>bold\\</b\\> \\[x\\](y)

> Bookmark 00:01:04: Mood

**Bo:** \\[00:01:04\\] Fine, thanks. And you?
`);
  });

  it('has stamps that programs for coding find', () => {
    expect(writeQualCoder(given, OPTIONS, ENGLISH_LABELS).split('\n\n')).toEqual([
      '#00:01:01.000# Ann & Co. <1>: Good morning.',
      '[Bookmark: Mood]',
      '#00:01:04.000# Bo: Fine, thanks.',
      '#00:01:05.000# Bo: And you?\n',
    ]);
    expect(writeMaxqda(given, OPTIONS, ENGLISH_LABELS)).toContain(
      '#00:01:01-0# Ann & Co. <1>: Good morning. #00:01:01-6#',
    );
  });
});

describe('writeJson', () => {
  it('reads back as the transcript', () => {
    fc.assert(
      fc.property(conversations, (given) => {
        expect(JSON.parse(writeJson(given, OPTIONS))).toEqual(given);
      }),
    );
  });

  it('has the marks of a recording', () => {
    const marks = [{ atMs: 1200 }];
    expect(JSON.parse(writeJson({ ...transcript([]), marks }, OPTIONS))).toMatchObject({ marks });
  });

  it('refuses a transcript that is not whole', () => {
    expect(() => writeJson({ ...transcript([]), durationMs: -1 }, OPTIONS)).toThrow('is not whole');
  });
});

describe('exportFileName', () => {
  it.each([
    ['Talk', 'Talk.txt'],
    ['a/b\\c: "d"?', 'a b c d.txt'],
    ['..hidden.', 'hidden.txt'],
    ['CON', 'transcript.txt'],
    ['nul.tar', 'transcript.txt'],
    ['  ', 'transcript.txt'],
    ['日本語 \u202efdp', '日本語 fdp.txt'],
  ])('makes %j into %j', (title, wanted) => {
    expect(exportFileName(title, 'txt')).toBe(wanted);
  });

  it('gives a name of at most 255 bytes that has no path in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (title) => {
        const name = exportFileName(title, 'json');
        expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(255);
        expect(name).toMatch(/^[^/\\.\s][^/\\]*\.json$/);
      }),
    );
  });
});
