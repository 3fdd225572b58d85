import type { Transcript } from '@/lib/transcript';
import { cuesOf, timestamp } from './cues';
import { directionMarks } from './direction-marks';

/** SubRip captions. The format knows no escapes: text goes in as it is. */
export function writeSrt(transcript: Transcript): string {
  const marked = directionMarks(transcript);
  return cuesOf(transcript)
    .map(({ startMs, endMs, lines }, i) => {
      const times = `${timestamp(startMs, ',')} --> ${timestamp(endMs, ',')}`;
      return `${i + 1}\n${times}\n${lines.map(marked).join('\n')}\n`;
    })
    .join('\n');
}
