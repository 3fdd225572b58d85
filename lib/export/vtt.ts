import type { Transcript } from '@/lib/transcript';
import { cuesOf, timestamp } from './cues';
import { directionMarks } from './direction-marks';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** WebVTT captions (W3C). Signs that mean something there, such as `-->`, are escaped. */
export function writeVtt(transcript: Transcript): string {
  const marked = directionMarks(transcript);
  const cues = cuesOf(transcript).map(({ startMs, endMs, lines }) => {
    const times = `${timestamp(startMs, '.')} --> ${timestamp(endMs, '.')}`;
    return `${times}\n${lines.map(marked).map(escapeText).join('\n')}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

function escapeText(line: string): string {
  return line.replace(/[&<>]/g, (sign) => ESCAPES[sign] ?? sign);
}
