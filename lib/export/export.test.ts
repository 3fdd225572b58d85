import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinWords } from '../core/join-words';
import type { Transcript, TranscriptSegment, Word } from '../transcript/types';
import { type Cue, cuesOf } from './cues';
import { EXPORT_FORMATS, exportFileName } from './index';
import { writeJson } from './json';
import { writeSrt } from './srt';
import { writeTxt } from './txt';
import { writeVtt } from './vtt';

function transcript(segments: TranscriptSegment[]): Transcript {
  return {
    version: 1,
    id: '7b1f2f1e-0000-4000-8000-000000000000',
    title: 'Talk',
    language: 'en',
    createdAt: '2026-01-02T03:04:05.000Z',
    durationMs: segments.at(-1)?.endMs ?? 0,
    source: { name: 'talk.mp3', mediaType: 'audio/mpeg', sizeBytes: 1, sha256: null },
    model: { id: 'test', backend: 'wasm', precision: 'int8' },
    speakers: [],
    segments,
  };
}

/** Words said one after another; `gapMs` before each. */
function segment(said: { text: string; lengthMs: number; gapMs: number }[], fromMs = 0) {
  let at = fromMs;
  const words = said.map(({ text, lengthMs, gapMs }): Word => {
    const startMs = at + gapMs;
    at = startMs + lengthMs;
    return { text, startMs, endMs: at, confidence: 0.5 };
  });
  return {
    id: 's',
    startMs: fromMs,
    endMs: at,
    speakerId: null,
    text: joinWords(words.map(({ text }) => text)),
    edited: false,
    words,
  };
}

const said = fc.record({
  text: fc.oneof(
    fc.stringMatching(/^[a-z]{1,12}[.,?]?$/),
    fc.stringMatching(/^\S{1,90}$/),
    fc.stringMatching(/^[世界天気。、「」]{1,60}$/),
    fc.stringMatching(/^[ก-ฮ]{1,12}$/),
    fc.constantFrom('-->', '&', '<b>', 'R&D', '&amp;', '1', '00:00:01,000', 'WEBVTT', '🙂'),
  ),
  lengthMs: fc.integer({ min: 1, max: 9000 }),
  gapMs: fc.oneof(fc.constant(0), fc.nat(4000)),
});

/** Words no wider than a line. */
const spoken = said.filter(({ text }) => [...text].length <= 42);

const transcripts = fc
  .array(fc.array(said, { minLength: 1, maxLength: 60 }), { maxLength: 5 })
  .map((parts) => {
    let fromMs = 3_590_000;
    return transcript(
      parts.map((part) => {
        const made = segment(part, fromMs);
        fromMs = made.endMs;
        return made;
      }),
    );
  });

const TIMES =
  /^(\d{2,}):([0-5]\d):([0-5]\d)[,.](\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d)[,.](\d{3})$/;

function parseTimes(line: string | undefined): { startMs: number; endMs: number } {
  const parts = TIMES.exec(line ?? '')
    ?.slice(1)
    .map(Number);
  if (!parts) throw new Error(`not a line of times: ${line}`);
  const [h = 0, m = 0, s = 0, ms = 0, h2 = 0, m2 = 0, s2 = 0, ms2 = 0] = parts;
  return {
    startMs: ((h * 60 + m) * 60 + s) * 1000 + ms,
    endMs: ((h2 * 60 + m2) * 60 + s2) * 1000 + ms2,
  };
}

/** Strict: blocks of number, times and lines, each ended by an empty line. */
function parseSrt(text: string): Cue[] {
  if (text === '') return [];
  return text
    .replace(/\n$/, '')
    .split('\n\n')
    .map((block, i) => {
      const [number, times, ...lines] = block.split('\n');
      if (number !== String(i + 1)) throw new Error(`cue ${i + 1} has number ${number}`);
      return { ...parseTimes(times), lines };
    });
}

/** Strict: the header, then blocks of times and lines; `-->` stands in lines of times only. */
function parseVtt(text: string): Cue[] {
  const [header, ...blocks] = text.replace(/\n$/, '').split('\n\n');
  if (header !== 'WEBVTT') throw new Error(`header ${header}`);
  return blocks.map((block) => {
    const [times, ...lines] = block.split('\n');
    if (lines.some((line) => line.includes('-->'))) throw new Error(`arrow in ${block}`);
    if (lines.some((line) => /[<>]|&(?!amp;|lt;|gt;)/.test(line))) throw new Error(block);
    const plain = lines.map((line) =>
      line.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
    );
    return { ...parseTimes(times), lines: plain };
  });
}

describe('cuesOf', () => {
  it('keeps to two lines of 42 characters and 7 s, in order and without overlap', () => {
    fc.assert(
      fc.property(transcripts, (given) => {
        let at = 0;
        for (const { startMs, endMs, lines } of cuesOf(given)) {
          expect(startMs).toBeGreaterThanOrEqual(at);
          expect(endMs).toBeGreaterThan(startMs);
          expect(endMs - startMs).toBeLessThanOrEqual(7000);
          expect(lines.length).toBeGreaterThan(0);
          expect(lines.length).toBeLessThanOrEqual(2);
          for (const line of lines) expect([...line].length).toBeLessThanOrEqual(42);
          at = endMs;
        }
      }),
    );
  });

  it('holds the text of any script as it stands in the transcript', () => {
    fc.assert(
      fc.property(fc.array(spoken, { minLength: 1, maxLength: 60 }), (words) => {
        const given = segment(words);
        let at = 0;
        for (const { lines } of cuesOf(transcript([given])))
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
    expect(cuesOf(transcript([bare])).flatMap(({ lines }) => lines)).toEqual([text]);
  });

  it('holds every character of the text in order', () => {
    fc.assert(
      fc.property(transcripts, (given) => {
        const all = cuesOf(given)
          .flatMap(({ lines }) => lines)
          .join('')
          .replaceAll(' ', '');
        expect(all).toBe(given.segments.map(({ text }) => text.replaceAll(' ', '')).join(''));
      }),
    );
  });

  it('keeps the parts of a word that is wider than a cue and takes no time', () => {
    const text = 'x'.repeat(100);
    const cues = cuesOf(transcript([segment([{ text, lengthMs: 1, gapMs: 0 }])]));
    expect(cues.flatMap(({ lines }) => lines).join('')).toBe(text);
    for (const [i, { startMs }] of cues.entries())
      expect(startMs).toBeGreaterThanOrEqual(cues[i - 1]?.endMs ?? 0);
  });

  it('divides at a pause', () => {
    const words = ['before', 'it', 'after', 'it'].map((text, i) => ({
      text,
      lengthMs: 300,
      gapMs: i === 2 ? 1000 : 50,
    }));
    const lines = cuesOf(transcript([segment(words)])).map((cue) => cue.lines);
    expect(lines).toEqual([['before it'], ['after it']]);
  });

  it('divides long text at the end of a sentence', () => {
    const first = 'The boat that we had hired for the day was late again.'.split(' ');
    const second = 'So we sat down on the stones and had our lunch there.'.split(' ');
    const words = [...first, ...second].map((text) => ({ text, lengthMs: 200, gapMs: 20 }));
    const texts = cuesOf(transcript([segment(words)])).map(({ lines }) => lines.join(' '));
    expect(texts).toEqual([first.join(' '), second.join(' ')]);
  });

  it('spreads text without word times over its segment', () => {
    const text = 'no times are known for any of these words but the text is kept';
    const bare = { ...segment([]), text, startMs: 1000, endMs: 5000 };
    const cues = cuesOf(transcript([bare]));
    expect(cues.flatMap(({ lines }) => lines).join(' ')).toBe(text);
    expect(cues[0]?.startMs).toBe(1000);
    expect(cues.at(-1)?.endMs).toBe(5000);
  });
});

describe('captions', () => {
  it('parse back to the same cues: SubRip', () => {
    fc.assert(
      fc.property(transcripts, (given) => {
        expect(parseSrt(writeSrt(given))).toEqual(cuesOf(given));
      }),
    );
  });

  it('parse back to the same cues: WebVTT', () => {
    fc.assert(
      fc.property(transcripts, (given) => {
        expect(parseVtt(writeVtt(given))).toEqual(cuesOf(given));
      }),
    );
  });

  it('escape what WebVTT would take for markup', () => {
    const words = ['a', '-->', 'b', '&', '<i>'].map((text) => ({ text, lengthMs: 100, gapMs: 0 }));
    expect(writeVtt(transcript([segment(words)]))).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.000\na --&gt; b &amp; &lt;i&gt;\n',
    );
  });

  it('are valid when nothing was said', () => {
    expect(writeSrt(transcript([]))).toBe('');
    expect(writeVtt(transcript([]))).toBe('WEBVTT\n');
  });
});

describe('writeTxt', () => {
  it('begins a paragraph at a long pause', () => {
    const part = (text: string, gapMs: number, fromMs: number) =>
      segment([{ text, lengthMs: 500, gapMs }], fromMs);
    const given = transcript([
      part('One.', 0, 0),
      part('Two.', 500, 500),
      part('Three.', 2000, 1500),
    ]);
    expect(writeTxt(given)).toBe('One. Two.\n\nThree.\n');
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
    expect(writeTxt(given)).toBe('Ann: Hi. Yes.\n\nBo: Hello.\n');
  });

  it('has the text of every segment in order', () => {
    fc.assert(
      fc.property(transcripts, (given) => {
        let rest = writeTxt(given);
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
    expect(writeTxt(transcript(given))).toBe('今天天气很好我们去散步。Hello 안녕\n');
  });
});

describe('writeJson', () => {
  it('reads back as the transcript', () => {
    fc.assert(
      fc.property(transcripts, (given) => {
        expect(JSON.parse(writeJson(given))).toEqual(given);
      }),
    );
  });

  it('has the marks of a recording', () => {
    const marks = [{ atMs: 1200 }];
    expect(JSON.parse(writeJson({ ...transcript([]), marks }))).toMatchObject({ marks });
  });

  it('refuses a transcript that is not whole', () => {
    expect(() => writeJson({ ...transcript([]), durationMs: -1 })).toThrow('is not whole');
  });
});

describe('EXPORT_FORMATS', () => {
  it('has the labels of the menu', () => {
    expect(EXPORT_FORMATS.map(({ label }) => label)).toEqual([
      'Plain text (.txt)',
      'SubRip (.srt)',
      'WebVTT (.vtt)',
      'JSON (.json)',
    ]);
    for (const { label, extension } of EXPORT_FORMATS) expect(label).toContain(`(.${extension})`);
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
