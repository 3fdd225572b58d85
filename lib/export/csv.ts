import { type Transcript, wordsOf } from '@/lib/transcript';
import type { ExportOptions } from './options';
import { bookmarksBySegment } from './paragraphs';
import { bookmarksOf, prepare, speakerNames } from './prepare';
import { clock } from './time-stamp';

/** Without it Excel reads the file in the character set of the system. */
const BYTE_ORDER_MARK = '\ufeff';

/** What spreadsheets take for the beginning of a formula, also in their full-width forms. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/**
 * Comma-separated values (RFC 4180): a row for every segment, or for every word. The columns do not
 * depend on the transcript. A cell that a spreadsheet would run as a formula begins with an apostrophe.
 */
export function writeCsv(transcript: Transcript, options: ExportOptions): string {
  const prepared = prepare(transcript, options);
  const { times, speakers, words, bookmarks } = options;
  const nameOf = speakerNames(prepared);
  const marks = bookmarksBySegment(prepared.segments, bookmarksOf(prepared));
  const header = [
    'segment',
    ...(times ? ['start', 'start_ms', 'end_ms'] : []),
    ...(speakers ? ['speaker'] : []),
    words ? 'word' : 'text',
    ...(words ? ['confidence'] : []),
    ...(bookmarks ? ['bookmark'] : []),
  ];
  const rows = prepared.segments.flatMap((segment, at) => {
    const bookmark = (marks.get(at) ?? [])
      .map(({ atMs, label }) => [clock(atMs), label].join(' ').trim())
      .join('; ');
    const units = words
      ? wordsOf(segment, segment.words)
      : [{ text: segment.text, startMs: segment.startMs, endMs: segment.endMs, confidence: 1 }];
    return units.map(({ text, startMs, endMs, confidence }, i) => [
      String(at + 1),
      ...(times ? [clock(startMs), String(startMs), String(endMs)] : []),
      ...(speakers ? [nameOf(segment.speakerId) ?? ''] : []),
      text,
      ...(words ? [String(Math.round(confidence * 1000) / 1000)] : []),
      ...(bookmarks ? [i === 0 ? bookmark : ''] : []),
    ]);
  });
  return csvText([header, ...rows]);
}

/** Rows of cells as a file that spreadsheets open as it is. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
