import type { TimedText } from './build';

/**
 * A time of SubRip or WebVTT: hours may be missing, and the mark before the fraction may be either. Programs that shift
 * cues write times before the start, too.
 */
const TIME = '(-)?(?:(\\d{1,4}):)?(\\d{1,2}):(\\d{1,2})(?:[.,](\\d{1,3}))?';
const TIMES = new RegExp(`^\\s*${TIME}\\s*-->\\s*${TIME}(?:\\s|$)`);

/**
 * The cues of SubRip and WebVTT files, read as players do: by their lines of times, whatever else is
 * wrong. Markup is dropped, voices become speakers.
 */
export function readCues(text: string): TimedText[] {
  const isVtt = /^\ufeff?WEBVTT(?:\s|$)/.test(text);
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  const starts = lines.flatMap((line, at) => {
    const times = line.includes('-->') ? timesOf(line) : null;
    return times ? [{ at, ...times }] : [];
  });
  return starts.flatMap(({ at, startMs, endMs }, i): TimedText[] => {
    const next = starts[i + 1];
    const body = lines.slice(at + 1, next?.at ?? lines.length);
    // the number or name of the next cue stands above its times
    if (next && body.at(-1)?.trim() !== '' && hasEmptyLine(body, isVtt)) body.pop();
    const said = isVtt ? untilEmptyLine(body) : body;
    return speakersOf(said.join('\n').trim(), isVtt).map((part) => ({ ...part, startMs, endMs }));
  });
}

function timesOf(line: string): { startMs: number; endMs: number } | null {
  const match = TIMES.exec(line);
  if (!match) return null;
  const [, before, h, m, s, f, before2, h2, m2, s2, f2] = match;
  return {
    startMs: before ? 0 : inMs(h, m, s, f),
    endMs: before2 ? 0 : inMs(h2, m2, s2, f2),
  };
}

function inMs(hours = '0', minutes = '0', seconds = '0', fraction = '0'): number {
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1000 + Number(fraction.padEnd(3, '0'));
}

/** Whether the last line of a cue's block is the head of the next: a number, or behind an empty line. */
function hasEmptyLine(body: readonly string[], isVtt: boolean): boolean {
  const last = body.at(-1)?.trim() ?? '';
  return (!isVtt && /^\d+$/.test(last)) || body.at(-2)?.trim() === '';
}

function untilEmptyLine(body: readonly string[]): string[] {
  const end = body.findIndex((line) => line.trim() === '');
  return end < 0 ? [...body] : body.slice(0, end);
}

const VOICE = /<v(?:\.[^\s>]*)?\s+([^>]*)>/g;
const MARKUP_VTT = /<\/?(?:[cibuv]|lang|ruby|rt)(?:[.\s][^>]*)?>|<\d[\d:.]*>/g;
const MARKUP_SRT = /<\/?(?:[ibu]|font)(?:\s[^>]*)?>|\{\\[^}]*\}/gi;
const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': '\u00a0',
  '&lrm;': '\u200e',
  '&rlm;': '\u200f',
};

/** The text of a cue without markup, divided where another voice begins. */
function speakersOf(text: string, isVtt: boolean): { speaker: string | null; text: string }[] {
  if (!isVtt) return [{ speaker: null, text: text.replace(MARKUP_SRT, '') }];
  const voices = [...text.matchAll(VOICE)];
  const parts = [
    { speaker: null, text: text.slice(0, voices[0]?.index ?? text.length) },
    ...voices.map((voice, at) => ({
      speaker: unescaped(voice[1] ?? '').trim() || null,
      text: text.slice(voice.index + voice[0].length, voices[at + 1]?.index ?? text.length),
    })),
  ];
  return parts
    .map((part) => ({ ...part, text: unescaped(part.text.replace(MARKUP_VTT, '')).trim() }))
    .filter((part, at) => part.text !== '' || (at === 0 && parts.length === 1));
}

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|nbsp|lrm|rlm);/g, (entity) => ENTITIES[entity] ?? entity);
}
