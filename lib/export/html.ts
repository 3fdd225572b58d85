import { textAttributes } from '@/lib/core';
import type { Transcript } from '@/lib/transcript';
import { factsOf } from './facts';
import { htmlPage } from './html-page';
import type { ExportLabels, ExportOptions } from './options';
import { paragraphsOf, wordsOfParagraph } from './paragraphs';
import { prepare } from './prepare';
import { clock, seconds } from './time-stamp';
import { escapeXml } from './xml';

/**
 * A page that can be read, printed and, by the times of its words (`data-start`, `data-end`, in seconds),
 * used by a page of somebody else.
 */
export function writeHtml(
  transcript: Transcript,
  options: ExportOptions,
  labels: ExportLabels,
): string {
  const prepared = prepare(transcript, options);
  const attributes = textAttributes(
    prepared.segments.map(({ text }) => text),
    prepared.language,
  );
  const facts = factsOf(prepared, labels)
    .map(({ name, value }) => `<dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd>`)
    .join('\n');
  const body = paragraphsOf(prepared).flatMap((paragraph) => {
    const { startMs, turn, bookmarks } = paragraph;
    const words = wordsOfParagraph(paragraph).map(
      ({ word: { text, startMs: fromMs, endMs }, isSpaced }) =>
        `${isSpaced ? ' ' : ''}<span data-start="${seconds(fromMs)}" data-end="${seconds(endMs)}">${escapeXml(text)}</span>`,
    );
    return [
      ...bookmarks.map(
        ({ atMs, label }) =>
          `<aside>${escapeXml(`${labels.bookmark} ${clock(atMs)}${label === '' ? '' : `: ${label}`}`)}</aside>`,
      ),
      [
        '<p>',
        turn === null ? '' : `<strong>${escapeXml(turn)}</strong> `,
        options.times ? `<time datetime="PT${seconds(startMs)}S">${clock(startMs)}</time> ` : '',
        ...words,
        '</p>',
      ].join(''),
    ];
  });
  return htmlPage(
    transcript.title || labels.transcript,
    attributes,
    `<dl lang="${escapeXml(labels.locale)}">\n${facts}\n</dl>\n${body.join('\n')}`,
  );
}
