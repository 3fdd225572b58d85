import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import mammoth from 'mammoth';
import { describe, expect, it } from 'vitest';
import { writeCsv } from './csv';
import { writeDapt } from './dapt';
import { writeDocx } from './docx';
import { writeEaf } from './eaf';
import { writeExb } from './exb';
import { writeHtml } from './html';
import {
  DEFAULT_EXPORT_OPTIONS,
  ENGLISH_LABELS,
  type ExportLabels,
  type ExportOptions,
} from './options';
import { conversations, segment, sentence, transcript, wordsIn } from './test-transcripts';

const OPTIONS: ExportOptions = { ...DEFAULT_EXPORT_OPTIONS, times: true, words: true };
const write = (
  writer: typeof writeEaf | typeof writeCsv,
  given: Parameters<typeof writeEaf>[0],
  options = OPTIONS,
) => writer(given, options, ENGLISH_LABELS);

/** An element as the parser gives it: attributes with `@` before their names. */
type Element = Record<string, unknown>;
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
  processEntities: { maxTotalExpansions: 1e6 },
  htmlEntities: true,
});

/** Reads XML strictly. */
function parseXml(text: string): Element {
  expect(XMLValidator.validate(text)).toBe(true);
  return parser.parse(text);
}

/** All elements of a name, wherever they are, in order. */
function all(element: unknown, name: string): Element[] {
  if (Array.isArray(element)) return element.flatMap((one) => all(one, name));
  if (typeof element !== 'object' || element === null) return [];
  return Object.entries(element).flatMap(([key, value]) =>
    key === name
      ? (Array.isArray(value) ? value : [value]).map((one) =>
          typeof one === 'object' && one !== null ? one : { '#text': one },
        )
      : all(value, name),
  );
}

const textOf = (element: Element | undefined) => String(element?.['#text'] ?? '');
const ms = (seconds: unknown) => Math.round(Number.parseFloat(String(seconds)) * 1000);
const bare = (words: { text: string; startMs: number; endMs: number }[]) =>
  words.map(({ text, startMs, endMs }) => ({ text, startMs, endMs }));
const spokenIn = (given: Parameters<typeof wordsIn>[0]) => bare(wordsIn(given));
const inOrder = (words: { startMs: number }[]) => words.sort((a, b) => a.startMs - b.startMs);

describe('writeCsv', () => {
  it('has every word with its time and speaker in a row of its own', () => {
    fc.assert(
      fc.property(conversations, (given) => {
        const rows = parseCsv<Record<string, string>>(write(writeCsv, given), {
          bom: true,
          columns: true,
          record_delimiter: '\r\n',
        });
        expect(
          rows.map((row) => ({
            text: row.word,
            startMs: Number(row.start_ms),
            endMs: Number(row.end_ms),
          })),
        ).toEqual(
          spokenIn(given).map((word) => ({
            ...word,
            text: /^[=+\-@＝＋－＠]/u.test(word.text) ? `'${word.text}` : word.text,
          })),
        );
      }),
    );
  });

  it('has a row for each segment, with times and bookmarks where they are wanted', () => {
    const given = {
      ...transcript([sentence('He said "yes, no".', 0, 's1'), sentence('Right.', 4000, 's2')]),
      marks: [{ atMs: 4100, label: 'odd' }],
    };
    expect(write(writeCsv, given, { ...OPTIONS, words: false })).toBe(
      '\ufeffsegment,start,start_ms,end_ms,speaker,text,bookmark\r\n' +
        '1,00:00:00,0,1280,Ann & Co. <1>,"He said ""yes, no"".",\r\n' +
        '2,00:00:04,4000,4320,Bo,Right.,00:00:04 odd\r\n',
    );
    const none = { ...DEFAULT_EXPORT_OPTIONS, speakers: false, bookmarks: false };
    expect(write(writeCsv, given, none)).toContain('segment,text\r\n');
  });

  it.each(['=1+1', '+49 30', '-5', '@cmd', '＝1', '  =1'])('has no formula: %s', (text) => {
    const given = transcript([{ ...segment([]), text, endMs: 10 }]);
    const [row] = parseCsv<Record<string, string>>(
      write(writeCsv, given, { ...OPTIONS, words: false }),
      { bom: true, columns: true },
    );
    expect(row?.text).toBe(`'${text}`);
  });
});

describe('writeEaf', () => {
  it('has every word with its time, below the tier of its speaker', () => {
    fc.assert(
      fc.property(conversations, (given) => {
        const root = parseXml(write(writeEaf, given));
        const slots = all(root, 'TIME_SLOT').map((slot) => [slot['@TIME_SLOT_ID'], slot]);
        const values = new Map(
          slots.map(([id, slot]) => [id, Number(all([{ slot }], 'slot')[0]?.['@TIME_VALUE'])]),
        );
        expect([...values.values()]).toEqual([...values.values()].sort((a, b) => a - b));
        const tiers = all(root, 'TIER');
        const spans = (type: string) =>
          inOrder(
            tiers
              .filter((tier) => tier['@LINGUISTIC_TYPE_REF'] === type)
              .flatMap((tier) => all(tier, 'ALIGNABLE_ANNOTATION'))
              .map((one) => ({
                text: textOf(all(one, 'ANNOTATION_VALUE')[0]),
                startMs: values.get(one['@TIME_SLOT_REF1']) ?? -1,
                endMs: values.get(one['@TIME_SLOT_REF2']) ?? -1,
              })),
          );
        expect(spans('word')).toEqual(spokenIn(given));
        expect(spans('utterance')).toEqual(bare(given.segments));
        const names = tiers.map((tier) => tier['@TIER_ID']);
        expect(new Set(names).size).toBe(names.length);
        for (const tier of tiers.filter((one) => '@PARENT_REF' in one))
          expect(names).toContain(tier['@PARENT_REF']);
      }),
    );
  });
});

describe('XML', () => {
  it('has none of the characters that it cannot write', () => {
    const text = 'a\u0000\u000b\ud800\uffffb';
    const given = transcript([segment([{ text, lengthMs: 9, gapMs: 0 }], 0, 's1')]);
    for (const writer of [writeEaf, writeExb, writeDapt, writeHtml])
      expect(write(writer, given)).toContain('>ab');
  });
});

describe('writeExb', () => {
  it('has every word with its time on the common timeline', () => {
    fc.assert(
      fc.property(conversations, (given) => {
        const root = parseXml(write(writeExb, given));
        const times = new Map(all(root, 'tli').map((tli) => [tli['@id'], ms(tli['@time'])]));
        expect([...times.values()]).toEqual([...new Set(times.values())].sort((a, b) => a - b));
        const spans = (category: string) =>
          inOrder(
            all(root, 'tier')
              .filter((tier) => tier['@category'] === category)
              .flatMap((tier) => all(tier, 'event'))
              .map((event) => ({
                text: textOf(event).trimEnd(),
                startMs: times.get(event['@start']) ?? -1,
                endMs: times.get(event['@end']) ?? -1,
              })),
          );
        expect(spans('word')).toEqual(spokenIn(given));
        expect(spans('v')).toEqual(bare(given.segments));
      }),
    );
  });
});

describe('writeDapt', () => {
  it('has every word with its time in the event of its segment', () => {
    fc.assert(
      fc.property(conversations, (given) => {
        const root = parseXml(write(writeDapt, given));
        const words = all(root, 'div').flatMap((event) =>
          all(event, 'span').map((span) => ({
            text: textOf(span),
            startMs: ms(event['@begin']) + ms(span['@begin']),
            endMs: ms(event['@begin']) + ms(span['@end']),
          })),
        );
        expect(words).toEqual(spokenIn(given));
        const names = new Map(
          all(root, 'ttm:agent').map((agent) => [
            agent['@xml:id'],
            textOf(all(agent, 'ttm:name')[0]),
          ]),
        );
        const speakers = new Map(given.speakers.map(({ id, name }) => [id, name]));
        expect(all(root, 'div').map((event) => names.get(event['@ttm:agent']))).toEqual(
          given.segments.map(({ speakerId }) => speakers.get(speakerId ?? '')),
        );
      }),
    );
  });

  it('has what the profile asks for in any case', () => {
    const root = parseXml(write(writeDapt, { ...transcript([]), language: '' }));
    expect(all(root, 'tt')[0]).toMatchObject({
      '@xml:lang': 'und',
      '@daptm:scriptType': 'originalTranscript',
      '@daptm:scriptRepresents': 'audio.dialogue',
    });
    // events do not inherit it from the root
    expect(all(root, 'body')[0]).toMatchObject({ '@daptm:represents': 'audio.dialogue' });
  });
});

describe('writeHtml', () => {
  it('has every word with its time, as text', () => {
    fc.assert(
      fc.property(conversations, (given) => {
        const file = write(writeHtml, given);
        const body = file.slice(file.indexOf('<body>'), file.indexOf('</html>'));
        const root = parseXml(body);
        const words = all(root, 'span').map((span) => ({
          text: textOf(span),
          startMs: ms(span['@data-start']),
          endMs: ms(span['@data-end']),
        }));
        expect(words).toEqual(spokenIn(given));
      }),
    );
  });

  it('says which way its text runs, and loads and runs nothing', () => {
    const given = { ...transcript([sentence('שלום לכולם', 0)]), language: 'he' };
    const file = write(writeHtml, { ...given, title: '<script>x</script>' });
    expect(file).toContain('<html lang="he" dir="rtl">');
    expect(file).toContain("default-src 'none'");
    expect(file).not.toMatch(/<script|<link|<img|https?:/);
  });
});

describe('in the language of the page', () => {
  const german: ExportLabels = {
    locale: 'de',
    transcript: 'Transkript',
    date: 'Datum',
    duration: 'Dauer',
    language: 'Sprache',
    recording: 'Aufnahme',
    speakers: 'Sprecher',
    bookmark: 'Lesezeichen',
  };
  const given = {
    ...transcript([sentence('Good morning.', 1000, 's1')]),
    title: '',
    marks: [{ atMs: 1000 }],
  };

  it.each([
    ['HTML', () => writeHtml(given, OPTIONS, german)],
    [
      'Word',
      async () => {
        const buffer = Buffer.from(await writeDocx(given, OPTIONS, german));
        return (await mammoth.extractRawText({ buffer })).value;
      },
    ],
  ])('%s has its own words, and the name of the language that is spoken', async (_, written) => {
    const file = await written();
    for (const word of ['Transkript', 'Datum', 'Dauer', 'Sprache', 'Englisch', 'Lesezeichen'])
      expect(file).toContain(word);
    expect(file).not.toMatch(/Transcript|Date|Duration|Language|English|Bookmark/);
  });

  it('HTML says so of them, since what was said may be in another one', () => {
    expect(writeHtml(given, OPTIONS, german)).toMatch(/<html lang="en"[\s\S]*<dl lang="de">/);
  });

  it('a tag that is not one stays as it is', () => {
    const odd = { ...given, language: 'no language' };
    expect(writeHtml(odd, OPTIONS, german)).toContain('<dd>no language</dd>');
  });
});

describe('writeDocx', () => {
  const paragraphs = async (given: Parameters<typeof writeDocx>[0], options = OPTIONS) => {
    const bytes = await writeDocx(given, options, ENGLISH_LABELS);
    const { value } = await mammoth.extractRawText({ buffer: Buffer.from(bytes) });
    return value.split('\n\n').filter((line) => line !== '');
  };

  it('has title, facts, and each turn with its speaker and time', async () => {
    const given = {
      ...transcript([
        sentence('Good morning.', 61_000, 's1'),
        sentence('Fine\u0000 & <well>.', 65_000, 's2'),
      ]),
      marks: [{ atMs: 65_100 }],
    };
    expect(await paragraphs(given)).toEqual([
      'Talk',
      'Recording: talk.mp3',
      'Date: 2026-01-02',
      'Duration: 00:01:05',
      'Language: English',
      'Speakers: Ann & Co. <1>, Bo',
      'Ann & Co. <1> [00:01:01]',
      'Good morning.',
      '[Bookmark 00:01:05]',
      'Bo [00:01:05]',
      'Fine & <well>.',
    ]);
    const plain = { ...OPTIONS, times: false, speakers: false, bookmarks: false };
    expect((await paragraphs(given, plain)).slice(5)).toEqual(['Good morning.', 'Fine & <well>.']);
  });

  it('has all that was said, in order', async () => {
    await fc.assert(
      fc.asyncProperty(conversations, async (given) => {
        const read = (await paragraphs(given, { ...OPTIONS, times: false, speakers: false })).slice(
          5,
        );
        const letters = (text: string) => text.replace(/\s/g, '');
        expect(letters(read.join(''))).toBe(
          letters(given.segments.map(({ text }) => text).join('')),
        );
      }),
      { numRuns: 20 },
    );
  });
});

describe('pauses and clean text', () => {
  const given = transcript([
    segment([
      { text: 'Um,', lengthMs: 300, gapMs: 0 },
      { text: 'yes', lengthMs: 300, gapMs: 1500 },
    ]),
  ]);

  it('are the same in every format, and leave the times of the words', () => {
    const shown = write(writeCsv, given, { ...OPTIONS, pauses: true });
    expect(shown).toContain('00:00:00,300,1800,,(1.5),1');
    expect(shown).toContain('00:00:01,1800,2100,,yes,0.5');
    const clean = { ...OPTIONS, verbatim: false };
    for (const writer of [writeCsv, writeEaf, writeExb, writeDapt, writeHtml]) {
      const file = write(writer, given, clean);
      expect(file).not.toContain('Um');
      expect(file).toContain('Yes');
    }
  });
});
