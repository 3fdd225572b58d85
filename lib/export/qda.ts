import type { Transcript } from '@/lib/transcript';
import { directionMarks } from './direction-marks';
import type { ExportLabels, ExportOptions } from './options';
import { bookmarksBySegment } from './paragraphs';
import { bookmarksOf, prepare, speakerNames } from './prepare';
import { clock } from './time-stamp';

/** `#00:01:02.300#`: QualCoder finds these in a transcript, and jumps to them in the recording. */
const qualCoderStamp = (ms: number) =>
  `#${clock(ms)}.${String(Math.floor(ms % 1000)).padStart(3, '0')}#`;

/** `#00:01:02-3#`: MAXQDA's own, in tenths of a second, as f4 writes it. */
const maxqdaStamp = (ms: number) => `#${clock(ms)}-${Math.floor((ms % 1000) / 100)}#`;

/** Text for QualCoder: a paragraph for each segment, which begins with its time. */
export const writeQualCoder = writer((ms, text) => `${qualCoderStamp(ms.startMs)} ${text}`);

/** Text for MAXQDA: a paragraph for each segment with a stamp where it begins and where it ends. */
export const writeMaxqda = writer(
  (ms, text) => `${maxqdaStamp(ms.startMs)} ${text} ${maxqdaStamp(ms.endMs)}`,
);

/** Programs for coding need the stamps: they are always there. */
function writer(stamped: (ms: { startMs: number; endMs: number }, text: string) => string) {
  return (
    transcript: Transcript,
    options: ExportOptions,
    labels: Pick<ExportLabels, 'bookmark'>,
  ): string => {
    const prepared = prepare(transcript, options);
    const marked = directionMarks(prepared);
    const nameOf = speakerNames(prepared);
    const segments = prepared.segments.filter(({ text }) => text !== '');
    const marks = bookmarksBySegment(segments, bookmarksOf(prepared));
    const blocks = segments.flatMap(({ startMs, endMs, speakerId, text }, at) => {
      const name = nameOf(speakerId);
      return [
        ...(marks.get(at) ?? []).map(({ label }) =>
          label === '' ? `[${labels.bookmark}]` : `[${labels.bookmark}: ${label}]`,
        ),
        stamped({ startMs, endMs }, marked(name === null ? text : `${name}: ${text}`)),
      ];
    });
    return blocks.length === 0 ? '' : `${blocks.join('\n\n')}\n`;
  };
}
