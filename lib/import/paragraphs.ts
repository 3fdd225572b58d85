import type { TimedText } from './build';

/** Text with a time to begin, where one was written. */
export interface StampedText extends Omit<TimedText, 'startMs' | 'endMs'> {
  startMs: number | null;
}

/** `0:12`, `00:00:12`, `00:00:12.5`, `00:00:12-5`, `00:00:12,500`. */
const CLOCK = '(?:(\\d{1,3}):)?(\\d{1,2}):(\\d{2})(?:[.,-](\\d{1,3}))?';
/** A clock in brackets of any kind, or between hash signs. */
const STAMP = `[[({#]\\s*${CLOCK}\\s*[\\])}#]`;
const NAME = '([^\\[\\](){}#:\\n]{1,60}?)';
const TIME_FIRST = new RegExp(`^${STAMP}\\s*(?:${NAME}\\s*:\\s+|${NAME}\\s*:?\\s*$)?`, 'u');
const NAME_FIRST = new RegExp(`^(.{1,80}?)\\s*:?\\s*${STAMP}\\s*:?\\s*`, 'u');
const BARE_CLOCK = new RegExp(`^${CLOCK}(?:\\s+|$)(?:${NAME}\\s*:?\\s*$)?`, 'u');
const STAMPS = new RegExp(`\\s*#${CLOCK}#\\s*$`, 'u');

/** Lines that stand above a talk at most: its title, where and when it was, who was there. */
const MOST_TITLE_LINES = 10;

/**
 * Paragraphs of a document as text with speakers and times, by the forms that transcripts have:
 * `Speaker (0:12)`, `[00:00:12] Speaker: text`, `#00:00:12-3# text`. A line that holds only a speaker or
 * a time is the head of what follows it; a few lines before the first of them, such as a title, are not part
 * of the talk. A text with a single time only mentions it: that is no time stamp.
 */
export function readParagraphs(paragraphs: readonly string[]): StampedText[] {
  const texts: StampedText[] = [];
  let head: { speaker: string | null; startMs: number | null } | null = null;
  const lines = paragraphs.map((line) => line.replace(/\s+/g, ' ').trim()).filter(Boolean);
  const heads = lines.map(headOf);
  // without stamps all of it is text
  const isStamped = heads.filter((found) => found !== null).length > 1;
  const firstHead = heads.findIndex((found) => found !== null);
  const titleLines = isStamped && firstHead <= MOST_TITLE_LINES ? firstHead : 0;
  let speaker: string | null = null;
  for (const [at, line] of lines.entries()) {
    if (at < titleLines) continue;
    const found = isStamped ? heads[at] : null;
    if (found) {
      speaker = found.speaker ?? speaker;
      head = { speaker, startMs: found.startMs };
      if (found.text === '') continue;
      texts.push({ ...head, text: found.text.replace(STAMPS, '') });
    } else {
      texts.push({ speaker, startMs: head?.startMs ?? null, text: line });
    }
    // only the first paragraph below a head begins at its time
    head = null;
  }
  return texts;
}

/** What stands before the text of a line: a time, and perhaps who speaks; `null`: no time. */
function headOf(line: string) {
  const first = TIME_FIRST.exec(line);
  if (first) {
    const [whole, h, m, s, f, named, alone] = first;
    return {
      speaker: (named ?? alone)?.trim() || null,
      startMs: inMs(h, m, s, f),
      text: line.slice(whole.length),
    };
  }
  const bare = BARE_CLOCK.exec(line);
  if (bare) {
    const [whole, h, m, s, f, alone] = bare;
    const text = line.slice(whole.length);
    // a time of day within a sentence is not a stamp
    if (text === '') return { speaker: alone?.trim() || null, startMs: inMs(h, m, s, f), text };
  }
  const named = NAME_FIRST.exec(line);
  if (!named) return null;
  const [whole, name = '', h, m, s, f] = named;
  // a sentence that mentions a time is not a speaker
  if (/\p{Ll}{4,}\.\s|[?!]\s/u.test(name) || name.split(' ').length > 6) return null;
  return {
    speaker: name.trim() || null,
    startMs: inMs(h, m, s, f),
    text: line.slice(whole.length),
  };
}

function inMs(hours = '0', minutes = '0', seconds = '0', fraction = '0'): number {
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1000 + Number(fraction.padEnd(3, '0'));
}
