import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeDocx } from '../export/docx';
import { writeJson } from '../export/json';
import { DEFAULT_EXPORT_OPTIONS, ENGLISH_LABELS } from '../export/options';
import { srtCues, vttCues, writeSrt, writeVtt } from '../export/subtitles';
import { conversations, sentence, transcript } from '../export/test-transcripts';
import { transcriptSchema } from '../transcript/types';
import { readParagraphs } from './paragraphs';
import { readTranscriptFile } from './read-file';

const read = (content: BlobPart, name: string) => readTranscriptFile(new File([content], name));

/** What is said, by whom and when. */
const linesOf = async (content: BlobPart, name: string) => {
  const { segments, speakers } = await read(content, name);
  const names = new Map(speakers.map((speaker) => [speaker.id, speaker.name]));
  return segments.map(({ startMs, endMs, speakerId, text }) => [
    startMs,
    endMs,
    ...(speakerId === null ? [] : [names.get(speakerId)]),
    text,
  ]);
};

function expectWhole(given: Awaited<ReturnType<typeof read>>): void {
  expect(transcriptSchema.safeParse(given).success).toBe(true);
  let at = 0;
  for (const { startMs, endMs, words, text } of given.segments) {
    expect(startMs).toBeGreaterThanOrEqual(at);
    for (const word of words) {
      expect(word.startMs).toBeGreaterThanOrEqual(at);
      expect(word.endMs).toBeGreaterThan(word.startMs);
      at = word.endMs;
    }
    expect(endMs).toBeGreaterThanOrEqual(at);
    expect(words.map((word) => word.text).join(' ')).toBe(text);
    at = endMs;
  }
}

describe('subtitles of other programs', () => {
  it.each([
    [
      'ends of lines of Windows and a byte order mark',
      '\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nyou\r\n',
    ],
    [
      'ends of lines of old Macs',
      '1\r00:00:01,000 --> 00:00:02,500\rHello\r\r2\r00:00:03,000 --> 00:00:04,000\ryou',
    ],
    ['no numbers', '00:00:01,000 --> 00:00:02,500\nHello\n\n00:00:03,000 --> 00:00:04,000\nyou'],
    [
      'full stops in their times',
      '1\n0:00:01.0 --> 0:00:02.5\nHello\n\n2\n0:00:03.000 --> 0:00:04.000\nyou\n',
    ],
    [
      'no empty lines',
      '1\n00:00:01,000 --> 00:00:02,500\nHello\n2\n00:00:03,000 --> 00:00:04,000\nyou\n',
    ],
    [
      'formatting',
      '1\n00:00:01,000 --> 00:00:02,500  X1:1 X2:2\n{\\an8}<i>Hello</i>\n\n2\n00:00:03,000 --> 00:00:04,000\n<font color="red">you</font>\n',
    ],
    [
      'empty cues',
      '1\n00:00:00,100 --> 00:00:00,200\n\n\n2\n00:00:01,000 --> 00:00:02,500\nHello\n\n3\n00:00:03,000 --> 00:00:04,000\nyou\n',
    ],
  ])('are read with %s', async (_, content) => {
    expect(await linesOf(content, 'talk.srt')).toEqual([
      [1000, 2500, 'Hello'],
      [3000, 4000, 'you'],
    ]);
  });

  it('begin at the start where a program has shifted them to times before it', async () => {
    const content =
      '1\n-00:00:02,500 --> -00:00:01,000\nHello\n\n2\n-00:00:01,000 --> 00:00:03,000\nthere\n\n3\n10:00:03,000 --> 10:00:04,000\nyou\n';
    expect(await linesOf(content, 'talk.srt')).toEqual([
      [0, 1, 'Hello'],
      [1, 3000, 'there'],
      [36_003_000, 36_004_000, 'you'],
    ]);
  });

  it.each([
    ['little end first', true, '\ufeff'],
    ['little end first, without a mark', true, ''],
    ['big end first', false, '\ufeff'],
    ['big end first, without a mark', false, ''],
  ])('are read in UTF-16, %s', async (_, isLittle, mark) => {
    const text = `${mark}1\r\n00:00:01,000 --> 00:00:02,500\r\nGrüße, 你好\r\n`;
    const view = new DataView(new ArrayBuffer(text.length * 2));
    for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), isLittle);
    expect(await linesOf(view.buffer, 'talk.srt')).toEqual([[1000, 2500, 'Grüße, 你好']]);
  });

  it('are read as WebVTT with everything it may have', async () => {
    const content = `WEBVTT - a title
Kind: captions

STYLE
::cue { color: red }

NOTE 00:00 is no time

first cue
00:01.000 --> 00:02.500 align:start line:0%
<v.loud Ann &amp; Co>Hello <b>there</b> &lt;you&gt;</v>

01:00:01.000 --> 01:00:02.500
<v Bo>One. <v Ann &amp; Co>Two.

NOTE the end
`;
    expect(await linesOf(content, 'talk.vtt')).toEqual([
      [1000, 2500, 'Ann & Co', 'Hello there <you>'],
      [3_601_000, 3_601_001, 'Bo', 'One.'],
      [3_601_001, 3_602_500, 'Ann & Co', 'Two.'],
    ]);
  });

  it('keep two lines, numbers among them, as one text, and markup that is not one as text', async () => {
    const content = '1\n00:00:01,000 --> 00:00:02,500\nThere were\n12\n<script>1 < 2</script>\n\n';
    expect(await linesOf(content, 'talk.srt')).toEqual([
      [1000, 2500, 'There were 12 <script>1 < 2</script>'],
    ]);
  });

  it('are put in order where they overlap or run backwards', async () => {
    const content =
      '1\n00:00:05,000 --> 00:00:09,000\nlate\n\n2\n00:00:01,000 --> 00:00:06,000\nearly\n\n3\n00:00:01,000 --> 00:00:00,500\nbackwards now\n';
    const given = await read(content, 'talk.srt');
    expectWhole(given);
    expect(given.segments.map(({ text }) => text)).toEqual(['early', 'backwards now', 'late']);
  });

  it('are read in old character sets', async () => {
    const bytes = new Uint8Array([
      ...new TextEncoder().encode('1\n00:00:01,000 --> 00:00:02,000\nna'),
      0xef,
      ...new TextEncoder().encode('ve\n'),
    ]);
    expect(await linesOf(bytes, 'talk.srt')).toEqual([[1000, 2000, 'naïve']]);
  });

  it('that we have written are the same cues again', async () => {
    await fc.assert(
      fc.asyncProperty(conversations, async (given) => {
        // SubRip has no way to say that this is not a markup
        fc.pre(given.segments.length > 0 && !JSON.stringify(given).includes('<b>'));
        const options = { ...DEFAULT_EXPORT_OPTIONS, bookmarks: false };
        for (const [name, file, cues] of [
          ['a.srt', writeSrt(given, options), srtCues(given, options)],
          ['a.vtt', writeVtt(given, options, ENGLISH_LABELS), vttCues(given, options)],
        ] as const) {
          // a cue shorter than its words need is made longer
          fc.pre(cues.every((cue) => cue.endMs - cue.startMs >= 100));
          const again = await read(file, name);
          expectWhole(again);
          expect(again.segments.map(({ startMs }) => startMs)).toEqual(
            cues.map(({ startMs }) => startMs),
          );
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('Word documents', () => {
  it.each([
    ['Interview', 'Speaker 1 (0:12)', 'Hello there.', 'Dr. Anna Smith (1:02:03)', 'Good morning.'],
    ['Interview', '[00:00:12] Speaker 1: Hello there.', '[01:02:03] Dr. Anna Smith: Good morning.'],
    [
      '#00:00:12-0# Speaker 1: Hello there. #00:00:13-0#',
      '#01:02:03-0# Dr. Anna Smith: Good morning.',
    ],
    ['Speaker 1 [00:00:12]: Hello there.', 'Dr. Anna Smith [01:02:03]: Good morning.'],
    ['00:00:12 Speaker 1', 'Hello there.', '01:02:03 Dr. Anna Smith', 'Good morning.'],
  ])('have speakers and times in many forms: %s, %s', (...paragraphs) => {
    expect(readParagraphs(paragraphs)).toEqual([
      { speaker: 'Speaker 1', startMs: 12_000, text: 'Hello there.' },
      { speaker: 'Dr. Anna Smith', startMs: 3_723_000, text: 'Good morning.' },
    ]);
  });

  it('do not take a sentence with a time in it for a speaker', () => {
    const text = 'We met on Monday. It was late (10:30) and cold.';
    expect(readParagraphs([text])).toEqual([{ speaker: null, startMs: null, text }]);
  });

  it('keep every line of a text that mentions one time', () => {
    const lines = ['We came home.', 'We met at (12:30) and talked', 'Then we left.'];
    expect(readParagraphs(lines)).toEqual(
      lines.map((text) => ({ speaker: null, startMs: null, text })),
    );
  });

  it('lose no more than a title before the first head', () => {
    const textsOf = (before: string[]) =>
      readParagraphs([...before, 'Ann (0:12)', 'Hello.', 'Bo (0:14)', 'Yes.']).map(
        ({ text }) => text,
      );
    const lines = Array.from({ length: 11 }, (_, at) => `Line ${at} of many.`);
    expect(textsOf(lines.slice(1))).toEqual(['Hello.', 'Yes.']);
    expect(textsOf(lines)).toEqual([...lines, 'Hello.', 'Yes.']);
  });

  it('that we have written are read again, with speakers and times', async () => {
    const given = transcript([
      sentence('Good morning.', 61_000, 's1'),
      sentence('Fine & <well>.', 65_000, 's2'),
    ]);
    const options = { ...DEFAULT_EXPORT_OPTIONS, times: true };
    const again = await read(await writeDocx(given, options, ENGLISH_LABELS), 'talk.docx');
    expectWhole(again);
    expect(again.title).toBe('talk');
    expect(again.segments.map(({ startMs, text }) => [startMs, text])).toEqual([
      [61_000, 'Good morning.'],
      [65_000, 'Fine & <well>.'],
    ]);
    expect(again.speakers.map(({ name }) => name)).toEqual(['Ann & Co. <1>', 'Bo']);
  });
});

describe('our own JSON', () => {
  it('is the same transcript again', async () => {
    await fc.assert(
      fc.asyncProperty(conversations, async (given) => {
        expect(await read(writeJson(given, DEFAULT_EXPORT_OPTIONS), 'a.json')).toEqual(given);
      }),
      { numRuns: 30 },
    );
  });
});

describe('our own JSON with pauses', () => {
  it('is read where segments last longer than their words', async () => {
    const said = sentence('One two.', 0);
    const given = transcript([{ ...said, endMs: said.endMs + 200 }, sentence('Three.', 5000)]);
    const options = { ...DEFAULT_EXPORT_OPTIONS, pauses: true };
    const { segments } = await read(writeJson(given, options), 'a.json');
    expect(segments.map(({ text }) => text)).toEqual(['One two.', expect.stringMatching(/Three/)]);
  });
});

describe('files that are not a transcript', () => {
  const whole = transcript([sentence('One two.', 0)]);
  const [only] = whole.segments;
  it.each([
    ['a.srt', 'not a subtitle at all\nreally'],
    ['a.srt', '\0\x01\x02'],
    ['a.srt', '1\n00:00:01,000 --> 00:00:02,000\n\n'],
    ['a.vtt', 'WEBVTT\n\n00:99 --> never\nx\n'],
    ['a.docx', 'PK but no archive'],
    ['a.json', '{"version": 1'],
    ['a.json', '{"version": 1, "segments": []}'],
    ['a.json', '[[[[1e999]]]]'],
    ['a.json', JSON.stringify({ ...whole, segments: [only, only] })],
    ['a.json', JSON.stringify({ ...whole, segments: [{ ...only, text: 'Other words.' }] })],
    ['a.txt', 'text'],
  ])('are refused: %s %j', async (name, content) => {
    await expect(read(content, name)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  });

  it('are distinguished from those that are empty', async () => {
    await expect(read('', 'a.srt')).rejects.toMatchObject({ code: 'SOURCE_EMPTY' });
  });

  it('never break the reader, whatever is in them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.stringMatching(/^[\d:,. <>v\-\n]*$/)),
        fc.constantFrom('a.srt', 'a.vtt', 'a.json'),
        async (content, name) => {
          const given = await read(`${content}\n00:00:01,000 --> 00:00:02,000\nx`, name).catch(
            (error: unknown) => error,
          );
          if (given instanceof Error) expect(given).toHaveProperty('code', 'SOURCE_UNREADABLE');
        },
      ),
    );
  });
});
