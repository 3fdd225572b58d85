import { needsSpace } from '@/lib/core';
import type { Transcript } from '@/lib/transcript';
import { directionMarks } from './direction-marks';

/** A pause of this length, or another speaker, begins a new paragraph. */
const PARAGRAPH_PAUSE_MS = 2000;

/** Plain text: the words in order, a new paragraph at every long pause. */
export function writeTxt(transcript: Transcript): string {
  const { segments, speakers } = transcript;
  const names = new Map(speakers.map(({ id, name }) => [id, name]));
  const paragraphs: string[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  let lastText = '';
  let speaker: string | null = null;
  for (const segment of segments) {
    if (segment.text === '') continue;
    const startMs = segment.words[0]?.startMs ?? segment.startMs;
    const turn = segment.speakerId !== speaker;
    if (startMs - lastMs >= PARAGRAPH_PAUSE_MS || turn) {
      const name = segment.speakerId === null ? undefined : names.get(segment.speakerId);
      paragraphs.push(turn && name ? `${name}: ${segment.text}` : segment.text);
    } else {
      const gap = needsSpace(lastText, segment.text) ? ' ' : '';
      paragraphs.push(`${paragraphs.pop()}${gap}${segment.text}`);
    }
    lastMs = segment.words.at(-1)?.endMs ?? segment.endMs;
    lastText = segment.text;
    speaker = segment.speakerId;
  }
  return paragraphs.length === 0
    ? ''
    : `${paragraphs.map(directionMarks(transcript)).join('\n\n')}\n`;
}
