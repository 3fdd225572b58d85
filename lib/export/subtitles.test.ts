import fc from 'fast-check';
import { parseText, tokenizeVTTCue, type VTTCue } from 'media-captions';
import { describe, expect, it } from 'vitest';
import type { Transcript } from '../transcript/types';
import { cuesOf, gapOf, lintCues } from './cues';
import {
  DEFAULT_EXPORT_OPTIONS,
  DEFAULT_SUBTITLE_RULES,
  ENGLISH_LABELS,
  type ExportOptions,
  type SubtitleRules,
} from './options';
import { srtCues, vttCues, writeSrt, writeVtt } from './subtitles';
import {
  conversations,
  said,
  segment,
  sentence,
  transcript,
  transcripts,
} from './test-transcripts';

const OPTIONS: ExportOptions = { ...DEFAULT_EXPORT_OPTIONS, speakers: false };

const cues = (given: Transcript, rules: Partial<SubtitleRules> = {}) =>
  cuesOf(given, {
    ...OPTIONS,
    subtitles: { ...DEFAULT_SUBTITLE_RULES, ...rules },
    speakerStyle: null,
  });

const someRules: fc.Arbitrary<SubtitleRules> = fc.record({
  lineLength: fc.integer({ min: 10, max: 60 }),
  lines: fc.integer({ min: 1, max: 3 }),
  charactersPerSecond: fc.integer({ min: 5, max: 30 }),
  minMs: fc.integer({ min: 0, max: 2000 }),
  maxMs: fc.integer({ min: 2500, max: 9000 }),
  frameRate: fc.constantFrom(23.976, 24, 25, 29.97, 30, 60),
  speakerStyle: fc.constantFrom('name', 'dash'),
});

/** Words no wider than a line. */
const spoken = said.filter(({ text }) => [...text].length <= 42);

const lettersOf = (lines: readonly string[]) => lines.join('').replaceAll(' ', '');

describe('cuesOf', () => {
  it('keeps to the lines and the longest time chosen, in order and without overlap', () => {
    fc.assert(
      fc.property(conversations, someRules, (given, rules) => {
        let at = 0;
        for (const { startMs, endMs, lines } of cues(given, rules)) {
          expect(startMs).toBeGreaterThanOrEqual(at);
          expect(endMs).toBeGreaterThan(startMs);
          expect(endMs - startMs).toBeLessThanOrEqual(rules.maxMs);
          expect(lines.length).toBeGreaterThan(0);
          expect(lines.length).toBeLessThanOrEqual(rules.lines);
          for (const line of lines) expect([...line].length).toBeLessThanOrEqual(rules.lineLength);
          at = endMs;
        }
      }),
    );
  });

  it('keeps two frames between cues where there is room for them', () => {
    fc.assert(
      fc.property(conversations, someRules, (given, rules) => {
        const all = cues(given, rules);
        for (const [i, { startMs, endMs }] of all.entries()) {
          const next = all[i + 1];
          if (!next || next.startMs - startMs <= 2 * gapOf(rules)) continue;
          expect(next.startMs - endMs).toBeGreaterThanOrEqual(gapOf(rules));
        }
      }),
    );
  });

  it('shows a cue until its last word has been said, but for the gap', () => {
    fc.assert(
      fc.property(fc.array(spoken, { minLength: 1, maxLength: 60 }), (words) => {
        const given = segment(words);
        const all = cues(transcript([given]));
        for (const { startMs, endMs } of given.words) {
          const cue = all.findLast((one) => one.startMs <= startMs);
          // a word longer than the longest cue, or words too short for a cue of their own
          if (!cue || endMs - startMs > 2000 || endMs - cue.startMs > 6000) continue;
          if (cue.startMs < startMs) expect(cue.endMs).toBeGreaterThan(startMs - 80);
        }
      }),
    );
  });

  it('holds the text of any script as it stands in the transcript', () => {
    fc.assert(
      fc.property(fc.array(spoken, { minLength: 1, maxLength: 60 }), (words) => {
        const given = segment(words);
        let at = 0;
        for (const { lines } of cues(transcript([given])))
          for (const line of lines) {
            const gap = given.text[at] === ' ' ? 1 : 0;
            expect(given.text.slice(at + gap, at + gap + line.length)).toBe(line);
            at += gap + line.length;
          }
        expect(at).toBe(given.text.length);
      }),
    );
  });

  it('keeps spaces where no word times are known', () => {
    const text = 'สวัสดีครับ ผมชื่อสมชาย 你好 世界';
    const bare = { ...segment([]), text, startMs: 0, endMs: 5000 };
    expect(cues(transcript([bare])).flatMap(({ lines }) => lines)).toEqual([text]);
  });

  it('holds every character of the text in order', () => {
    fc.assert(
      fc.property(conversations, someRules, (given, rules) => {
        const all = cues(given, rules).flatMap(({ lines }) => lines);
        expect(lettersOf(all)).toBe(lettersOf(given.segments.map(({ text }) => text)));
      }),
    );
  });

  it('keeps the parts of a word that is wider than a cue and takes no time', () => {
    const text = 'x'.repeat(100);
    const all = cues(transcript([segment([{ text, lengthMs: 1, gapMs: 0 }])]));
    expect(all.flatMap(({ lines }) => lines).join('')).toBe(text);
    for (const [i, { startMs }] of all.entries())
      expect(startMs).toBeGreaterThanOrEqual(all[i - 1]?.endMs ?? 0);
  });

  it('divides at a pause', () => {
    const words = ['before', 'it', 'after', 'it'].map((text, i) => ({
      text,
      lengthMs: 300,
      gapMs: i === 2 ? 1000 : 50,
    }));
    const lines = cues(transcript([segment(words)])).map((cue) => cue.lines);
    expect(lines).toEqual([['before it'], ['after it']]);
  });

  it('divides long text at the end of a sentence', () => {
    const first = 'The boat that we had hired for the day was late again.'.split(' ');
    const second = 'So we sat down on the stones and had our lunch there.'.split(' ');
    const words = [...first, ...second].map((text) => ({ text, lengthMs: 200, gapMs: 20 }));
    const texts = cues(transcript([segment(words)])).map(({ lines }) => lines.join(' '));
    expect(texts).toEqual([first.join(' '), second.join(' ')]);
  });

  it('breaks a line at a clause rather than behind an article', () => {
    const lines = (text: string) => cues(transcript([sentence(text, 0)]))[0]?.lines;
    expect(lines('When we came to the river, it had been raining all day.')).toEqual([
      'When we came to the river,',
      'it had been raining all day.',
    ]);
    expect(lines('We had walked down to the river every morning')).toEqual([
      'We had walked down',
      'to the river every morning',
    ]);
  });

  it('spreads text without word times over its segment', () => {
    const text = 'no times are known for any of these words but the text is kept';
    const bare = { ...segment([]), text, startMs: 1000, endMs: 5000 };
    const all = cues(transcript([bare]));
    expect(all.flatMap(({ lines }) => lines).join(' ')).toBe(text);
    expect(all[0]?.startMs).toBe(1000);
    expect(all.at(-1)?.endMs).toBe(5000);
  });

  it('shows a cue as long as it takes to read, where nothing follows', () => {
    const words = ['incomprehensibility', 'notwithstanding'].map((text) => ({
      text,
      lengthMs: 200,
      gapMs: 0,
    }));
    const [cue] = cues(transcript([segment(words)]));
    // 35 characters at 20 a second
    expect(cue).toMatchObject({ startMs: 0, endMs: 1750 });
  });

  it('shows a short answer together with what the same speaker says next', () => {
    const given = transcript([sentence('Yes.', 0), sentence('I think so.', 320)]);
    expect(cues(given).map(({ lines }) => lines)).toEqual([['Yes. I think so.']]);
    const other = transcript([sentence('Yes.', 0, 's1'), sentence('I think so.', 320, 's2')]);
    expect(cues(other).map(({ lines }) => lines)).toEqual([['Yes.'], ['I think so.']]);
  });

  it('closes a gap of a few frames, which would look like a stutter', () => {
    const given = transcript([
      sentence('one two three four.', 0, 's1'),
      sentence('Next speaker.', 1600, 's2'),
    ]);
    expect(cues(given)[0]?.endMs).toBe(1620 - 80);
  });
});

describe('speakers of captions', () => {
  const given = transcript([
    sentence('Good morning.', 0, 's1'),
    sentence('How are you?', 2000, 's1'),
    sentence('Fine, thanks.', 4000, 's2'),
  ]);
  const lines = (options: ExportOptions) => srtCues(given, options).map((cue) => cue.lines);

  it('begin a cue with their name, or with a dash', () => {
    expect(lines(DEFAULT_EXPORT_OPTIONS)).toEqual([
      ['Ann & Co. <1>: Good morning.'],
      ['How are you?'],
      ['Bo: Fine, thanks.'],
    ]);
    const subtitles: SubtitleRules = { ...DEFAULT_SUBTITLE_RULES, speakerStyle: 'dash' };
    expect(lines({ ...DEFAULT_EXPORT_OPTIONS, subtitles })).toEqual([
      ['- Good morning.'],
      ['How are you?'],
      ['- Fine, thanks.'],
    ]);
    expect(lines(OPTIONS)).toEqual([['Good morning.'], ['How are you?'], ['Fine, thanks.']]);
  });

  it('are voices in WebVTT', () => {
    expect(writeVtt(given, DEFAULT_EXPORT_OPTIONS, ENGLISH_LABELS)).toContain(
      '\n<v Ann &amp; Co. &lt;1&gt;>Good morning.\n',
    );
  });
});

describe('pauses in captions', () => {
  it('stand before the words that follow them, and take no time of their own', () => {
    const words = ['so', 'then', 'we', 'left'].map((text, i) => ({
      text,
      lengthMs: 300,
      gapMs: i === 2 ? 1600 : 50,
    }));
    const given = transcript([segment(words)]);
    const options = { ...OPTIONS, pauses: true };
    const all = srtCues(given, options);
    expect(all.map((cue) => cue.lines)).toEqual([['so then'], ['(1.6) we left']]);
    expect(all[1]?.startMs).toBe(given.segments[0]?.words[2]?.startMs);
    expect(srtCues(given, { ...options, verbatim: false })[1]?.lines).toEqual(['we left']);
  });
});

describe('captions in another program', () => {
  it('are the same cues: SubRip', async () => {
    await fc.assert(
      fc.asyncProperty(transcripts, async (given) => {
        const { cues: read, errors } = await parseText(writeSrt(given, OPTIONS), { type: 'srt' });
        expect(errors).toEqual([]);
        expect(read.map(plain)).toEqual(
          srtCues(given, OPTIONS).map(({ startMs, endMs, lines }) => ({
            startMs,
            endMs,
            text: lines.join('\n'),
          })),
        );
      }),
    );
  });

  it('are the same cues, with the same speakers: WebVTT', async () => {
    const options = { ...OPTIONS, speakers: true };
    await fc.assert(
      fc.asyncProperty(conversations, async (given) => {
        const file = writeVtt(given, options, ENGLISH_LABELS);
        const { cues: read, errors } = await parseText(file, { type: 'vtt', strict: true });
        expect(errors).toEqual([]);
        expect(read.map(spokenBy)).toEqual(
          vttCues(given, options).map(({ startMs, endMs, lines, speaker }) => ({
            startMs,
            endMs,
            text: lines.join('\n'),
            speaker,
          })),
        );
      }),
    );
  });

  it('have bookmarks as notes, which are not cues', async () => {
    const given = {
      ...transcript([sentence('Hello there.', 0), sentence('Good bye.', 5000)]),
      marks: [{ atMs: 1500, label: 'a --> b' }, { atMs: 90_000 }],
    };
    const file = writeVtt(given, OPTIONS, ENGLISH_LABELS);
    expect(file).toContain('\nNOTE Bookmark 00:00:01.500 a --&gt; b\n\n00:00:05.020');
    expect(file.endsWith('\nNOTE Bookmark 00:01:30.000\n')).toBe(true);
    const { cues: read } = await parseText(file, { type: 'vtt', strict: true });
    expect(read.map(({ text }) => text)).toEqual(['Hello there.', 'Good bye.']);
    expect(writeVtt(given, { ...OPTIONS, bookmarks: false }, ENGLISH_LABELS)).not.toContain('NOTE');
  });

  it('escape what WebVTT would take for markup', () => {
    const words = ['a', '-->', 'b', '&', '<i>'].map((text) => ({ text, lengthMs: 200, gapMs: 0 }));
    expect(writeVtt(transcript([segment(words)]), OPTIONS, ENGLISH_LABELS)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.000\na --&gt; b &amp; &lt;i&gt;\n',
    );
  });

  it('are valid when nothing was said', () => {
    expect(writeSrt(transcript([]), OPTIONS)).toBe('');
    expect(writeVtt(transcript([]), OPTIONS, ENGLISH_LABELS)).toBe('WEBVTT\n');
  });
});

describe('lintCues', () => {
  const rules = DEFAULT_SUBTITLE_RULES;

  it('says which cue breaks which rule, when, and by how much', () => {
    const given = [
      { startMs: 0, endMs: 500, lines: ['This is far too much to read'] },
      { startMs: 520, endMs: 9000, lines: ['x'.repeat(43), 'two', 'three'] },
      { startMs: 8000, endMs: 9500, lines: ['over it'] },
    ];
    expect(lintCues(given, rules)).toEqual([
      { rule: 'too-short', number: 1, startMs: 0, value: 500, limit: 833 },
      { rule: 'too-fast', number: 1, startMs: 0, value: 56, limit: 20 },
      { rule: 'small-gap', number: 1, startMs: 0, value: 0.5, limit: 2 },
      { rule: 'long-line', number: 2, startMs: 520, value: 43, limit: 42 },
      { rule: 'too-many-lines', number: 2, startMs: 520, value: 3, limit: 2 },
      { rule: 'too-long', number: 2, startMs: 520, value: 8480, limit: 7000 },
      { rule: 'overlap', number: 2, startMs: 520, value: 1000, limit: 0 },
    ]);
  });

  it('counts the end of a line as the space that it stands for', () => {
    const speeds = (second: string) =>
      lintCues([{ startMs: 0, endMs: 2000, lines: ['x'.repeat(20), second] }], rules);
    expect(speeds('x'.repeat(19))).toEqual([]);
    expect(speeds('x'.repeat(20))).toMatchObject([{ rule: 'too-fast', value: 20.5 }]);
  });

  it('finds nothing wrong with our own cues for speech at an ordinary pace', () => {
    const text =
      'We walked along the river until the rain began, and then we went home to make some tea. ' +
      'Nobody had expected the weather to change so quickly, although the forecast had said so.';
    const given = transcript([
      sentence(text, 0, 's1', 400),
      sentence('That is quite right, I remember it well.', 15_000, 's2', 400),
      sentence(text, 19_000, 's1', 400),
    ]);
    expect(lintCues(srtCues(given, DEFAULT_EXPORT_OPTIONS), rules)).toEqual([]);
  });

  it('never reports lines, length or overlap of our own cues', () => {
    fc.assert(
      fc.property(conversations, someRules, (given, some) => {
        const broken = lintCues(cues(given, some), some).map(({ rule }) => rule);
        for (const rule of ['long-line', 'too-many-lines', 'too-long', 'overlap'] as const)
          expect(broken).not.toContain(rule);
      }),
    );
  });
});

const plain = ({ startTime, endTime, text }: VTTCue) => ({
  startMs: Math.round(startTime * 1000),
  endMs: Math.round(endTime * 1000),
  text,
});

/** A cue's text without its markup, and the voice that it is in. */
function spokenBy(cue: VTTCue) {
  const tokens = tokenizeVTTCue(cue);
  const [first] = tokens;
  const inside = first?.type === 'v' ? first.children : tokens;
  return {
    ...plain(cue),
    text: inside.map((token) => ('data' in token ? token.data : '')).join(''),
    speaker: first?.type === 'v' ? unescaped(first.voice) : null,
  };
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
