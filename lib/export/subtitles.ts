import type { Transcript } from '@/lib/transcript';
import { cuesOf } from './cues';
import { directionMarks } from './direction-marks';
import type { ExportLabels, ExportOptions } from './options';
import { bookmarksOf, prepare } from './prepare';
import { timestamp } from './time-stamp';

/** The cues of a SubRip file: speakers are shown in the text. */
export function srtCues(transcript: Transcript, options: ExportOptions) {
  const { speakerStyle } = options.subtitles;
  return cuesOf(prepare(transcript, options, false), { ...options, speakerStyle });
}

/** SubRip captions. The format knows no escapes: text goes in as it is. */
export function writeSrt(transcript: Transcript, options: ExportOptions): string {
  const marked = directionMarks(transcript);
  return srtCues(transcript, options)
    .map(({ startMs, endMs, lines }, i) => {
      const times = `${timestamp(startMs, ',')} --> ${timestamp(endMs, ',')}`;
      return `${i + 1}\n${times}\n${lines.map(marked).join('\n')}\n`;
    })
    .join('\n');
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The cues of a WebVTT file: speakers have a tag of their own. */
export function vttCues(transcript: Transcript, options: ExportOptions) {
  return cuesOf(prepare(transcript, options, false), { ...options, speakerStyle: null });
}

/**
 * WebVTT captions (W3C). Signs that mean something there, such as `-->`, are escaped; speakers are
 * voices, and bookmarks are notes before the first cue that begins after them.
 */
export function writeVtt(
  transcript: Transcript,
  options: ExportOptions,
  labels: Pick<ExportLabels, 'bookmark'>,
): string {
  const marked = directionMarks(transcript);
  const bookmarks = bookmarksOf(prepare(transcript, options, false));
  const note = ({ atMs, label }: { atMs: number; label: string }) =>
    `NOTE ${labels.bookmark} ${timestamp(atMs, '.')}${label === '' ? '' : ` ${oneLine(label)}`}\n`;
  const blocks: string[] = [];
  let at = 0;
  for (const { startMs, endMs, lines, speaker } of vttCues(transcript, options)) {
    for (; (bookmarks[at]?.atMs ?? Number.POSITIVE_INFINITY) <= startMs; at++)
      blocks.push(...bookmarks.slice(at, at + 1).map(note));
    const times = `${timestamp(startMs, '.')} --> ${timestamp(endMs, '.')}`;
    const text = lines.map(marked).map(escapeText).join('\n');
    const voice = speaker === null ? '' : oneLine(speaker);
    blocks.push(`${times}\n${voice === '' ? text : `<v ${voice}>${text}`}\n`);
  }
  blocks.push(...bookmarks.slice(at).map(note));
  return ['WEBVTT\n', ...blocks].join('\n');
}

function escapeText(line: string): string {
  return line.replace(/[&<>]/g, (sign) => ESCAPES[sign] ?? sign);
}

/** Text for a place that ends with its line, where `-->` would be an error. */
function oneLine(text: string): string {
  return escapeText(text.replace(/\s+/g, ' ').trim());
}
