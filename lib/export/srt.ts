import type { Transcript } from '@/lib/transcript';
import { cuesOf } from './cues';
import { directionMarks } from './direction-marks';
import type { ExportOptions } from './options';
import { prepare } from './prepare';
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
