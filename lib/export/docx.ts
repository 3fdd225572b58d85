import {
  AlignmentType,
  Document,
  Footer,
  HeadingLevel,
  Packer,
  PageNumber,
  Paragraph,
  TextRun,
} from 'docx';
import { directionOfParagraph, directionOfText } from '@/lib/core';
import type { Transcript } from '@/lib/transcript';
import { factsOf } from './facts';
import type { ExportLabels, ExportOptions } from './options';
import { paragraphsOf } from './paragraphs';
import { prepare } from './prepare';
import { clock } from './time-stamp';
import { writable } from './xml';

/** Measures of Word: twentieths of a point, and half points for letters. */
const SPACE_AFTER = 160;
const LINE = 300;
const TEXT_SIZE = 22;
const SMALL_SIZE = 18;
const GREY = '666666';

/**
 * A Word document: title, facts, and each turn under the name of its speaker, with page numbers.
 * @returns the bytes of the file
 */
export async function writeDocx(
  transcript: Transcript,
  options: ExportOptions,
  labels: ExportLabels,
): Promise<Uint8Array<ArrayBuffer>> {
  const prepared = prepare(transcript, options);
  const direction = directionOfText(
    prepared.segments.map(({ text }) => text),
    prepared.language,
  );
  const isRightToLeft = (text: string) => directionOfParagraph(text, direction) === 'rtl';
  const run = (text: string, style: { bold?: boolean; small?: boolean } = {}) =>
    new TextRun({
      text: writable(text),
      ...(style.bold ? { bold: true } : {}),
      ...(style.small ? { color: GREY, size: SMALL_SIZE } : {}),
      ...(isRightToLeft(text) ? { rightToLeft: true } : {}),
    });
  const title = transcript.title || labels.transcript;
  const document = new Document({
    title: writable(title),
    creator: 'AI2Text',
    styles: {
      default: {
        document: {
          run: {
            size: TEXT_SIZE,
            ...(transcript.language === 'und' ? {} : { language: { value: transcript.language } }),
          },
          paragraph: { spacing: { after: SPACE_AFTER, line: LINE } },
        },
      },
    },
    sections: [
      {
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                alignment: AlignmentType.CENTER,
                children: [
                  new TextRun({
                    children: [PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES],
                    color: GREY,
                    size: SMALL_SIZE,
                  }),
                ],
              }),
            ],
          }),
        },
        children: [
          new Paragraph({
            heading: HeadingLevel.TITLE,
            bidirectional: isRightToLeft(title),
            children: [run(title)],
          }),
          ...factsOf(prepared, labels).map(
            ({ name, value }) =>
              new Paragraph({
                spacing: { after: 0 },
                children: [run(`${name}: `, { small: true }), run(value, { small: true })],
              }),
          ),
          new Paragraph({ children: [] }),
          ...paragraphsOf(prepared).flatMap(({ startMs, turn, text, bookmarks }) => {
            const bidirectional = isRightToLeft(text);
            const head = [
              ...(turn === null ? [] : [run(turn, { bold: true })]),
              ...(options.times
                ? [run(`${turn === null ? '' : ' '}[${clock(startMs)}]`, { small: true })]
                : []),
            ];
            return [
              ...bookmarks.map(
                ({ atMs, label }) =>
                  new Paragraph({
                    keepNext: true,
                    bidirectional,
                    children: [
                      run(
                        `[${labels.bookmark} ${clock(atMs)}${label === '' ? '' : `: ${label}`}]`,
                        { small: true },
                      ),
                    ],
                  }),
              ),
              ...(head.length === 0
                ? []
                : [
                    new Paragraph({
                      keepNext: true,
                      spacing: { after: 40 },
                      bidirectional,
                      children: head,
                    }),
                  ]),
              new Paragraph({ bidirectional, children: [run(text)] }),
            ];
          }),
        ],
      },
    ],
  });
  return new Uint8Array(await Packer.toArrayBuffer(document));
}
