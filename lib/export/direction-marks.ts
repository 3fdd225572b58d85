import { directionOfParagraph, directionOfText, startsRightToLeft } from '@/lib/core';
import type { Transcript } from '@/lib/transcript';

const MARK = '\u200f';

/**
 * For formats that are text alone. Programs guess which way a line runs by its first letter, or not at
 * all: a full stop would stand on the wrong side, and a line that begins with a name in Latin letters
 * would be turned about. An invisible mark at the ends of a line says it (UAX 9).
 * @returns what sets the marks where a line of this transcript needs them; text that runs from left to
 * right is left as it is
 */
export function directionMarks({
  segments,
  language,
}: Pick<Transcript, 'segments' | 'language'>): (line: string) => string {
  const texts = function* () {
    for (const { text } of segments) yield text;
  };
  if (directionOfText(texts(), language) === 'ltr') return (line) => line;
  return (line) => {
    if (directionOfParagraph(line, 'rtl') === 'ltr') return line;
    const before = startsRightToLeft(line) ? '' : MARK;
    const after = startsRightToLeft(line.at(-1) ?? '') ? '' : MARK;
    return `${before}${line}${after}`;
  };
}
