import type { Transcript } from '@/lib/transcript';
import { directionMarks } from './direction-marks';
import type { ExportLabels, ExportOptions } from './options';
import { paragraphsOf } from './paragraphs';
import { prepare } from './prepare';
import { clock } from './time-stamp';

/** Plain text: the words in order, a new paragraph at every long pause. */
export function writeTxt(
  transcript: Transcript,
  options: ExportOptions,
  labels: Pick<ExportLabels, 'bookmark'>,
): string {
  const marked = directionMarks(transcript);
  const blocks = paragraphsOf(prepare(transcript, options)).flatMap((paragraph) => {
    const { startMs, turn, text, bookmarks } = paragraph;
    const stamp = options.times ? `[${clock(startMs)}] ` : '';
    return [
      ...bookmarks.map(({ atMs, label }) =>
        label === ''
          ? `[${labels.bookmark} ${clock(atMs)}]`
          : `[${labels.bookmark} ${clock(atMs)}: ${label}]`,
      ),
      marked(`${stamp}${turn === null ? '' : `${turn}: `}${text}`),
    ];
  });
  return blocks.length === 0 ? '' : `${blocks.join('\n\n')}\n`;
}
