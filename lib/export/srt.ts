import type { Transcript } from '../transcript/types';
import { cuesOf, timestamp } from './cues';

/** SubRip captions. The format knows no escapes: text goes in as it is. */
export function writeSrt(transcript: Transcript): string {
  return cuesOf(transcript)
    .map(({ startMs, endMs, lines }, i) => {
      const times = `${timestamp(startMs, ',')} --> ${timestamp(endMs, ',')}`;
      return `${i + 1}\n${times}\n${lines.join('\n')}\n`;
    })
    .join('\n');
}
