import { joinWords } from '@/lib/core';
import { type Transcript, type TranscriptSegment, type Word, wordsOf } from '@/lib/transcript';

/** Sounds that hesitate in any language and are a word in none. */
const EVERYWHERE = 'uhm+|ehm+|erm+|hm{2,}|m{3,}|ä+h+m*|ö+h+m+|euh+';

/**
 * Fillers by language, whole words in small letters. Sounds that answer or express something (`mhm`,
 * `oh`, `ah`) are none; nor are words that also mean something (`like`, `also`, `alors`, `este`).
 */
const FILLERS: Record<string, string> = {
  en: 'u+m+|u+h+m*|er|e+rm+|hm+|mm',
  de: 'ä+h+m*|e+hm+|ö+h*m*|hm+|mm',
  fr: 'e+u+h+|heu+h*|hum+|hm+',
  es: 'e+h+|e+m+|e+hm+|mm+',
  pt: 'hã+|ã+h*|hu+m+|é+h+|e+h+m*|ahn',
  it: 'e+hm+|u+hm+|mh+|mm+',
  nl: 'u+h+m*|e+h+m*|hm+',
  sv: 'ö+h+m*|e+h+m*|äh+m*|hm+',
  da: 'ø+h+m*|e+h+m*|hm+',
  nb: 'ø+h+m*|e+h+m*|hm+',
  no: 'ø+h+m*|e+h+m*|hm+',
  fi: 'öö+|öh+|ää+|hm+',
  pl: 'y{2,}|e{2,}|h?m{2,}|yhm+',
  cs: 'é{2,}|e+hm+|hm+',
  ru: 'э+|э+м+|м{2,}|хм+',
  uk: 'е{2,}|е+м+|м{2,}|хм+',
  tr: 'ı{2,}|e{2,}|hım+',
  ja: 'え[ーえ]*っ?と[ー]*|ええと|えー+|あのー+|うーん+と?',
  zh: '呃+',
  ko: '음+|어+',
};

const matchers = new Map<string, RegExp>();

/** Finds the fillers of a language; of one that is not listed, those of all. */
function matcherOf(language: string): RegExp {
  const [tag = ''] = language.toLowerCase().split(/[-_,]/);
  let matcher = matchers.get(tag);
  if (!matcher) {
    const own = FILLERS[tag];
    matcher = new RegExp(`^(?:${own ? `${own}|` : ''}${EVERYWHERE})$`, 'u');
    matchers.set(tag, matcher);
  }
  return matcher;
}

const EDGES = /^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu;

/**
 * Whether a word is a filler such as `um`, whatever punctuation it has.
 * @param language BCP 47
 */
export function isFiller(word: string, language: string): boolean {
  const bare = word.replace(EDGES, '');
  // an abbreviation in capitals is none: `ER`, `UM`
  if (bare.length > 1 && bare === bare.toUpperCase() && bare !== bare.toLowerCase()) return false;
  return matcherOf(language).test(bare.toLowerCase());
}

const SENTENCE_END = /[.?!…。？！]+["'”’»)]*$/u;
const COMMA = /[,،、，]$/u;

/**
 * The words without fillers; times of the others stay. What a filler carried for the sentence goes to
 * its neighbours: its full stop to the word before, its capital to the word after, and a comma on
 * either side of it goes with it.
 */
export function cleanWords(words: readonly Word[], language: string): Word[] {
  const kept: Word[] = [];
  let capital = false;
  for (const word of words) {
    if (!isFiller(word.text, language)) {
      kept.push(capital ? { ...word, text: capitalised(word.text) } : word);
      capital = false;
      continue;
    }
    const last = kept.at(-1);
    const begins = last === undefined || SENTENCE_END.test(last.text);
    if (begins) {
      if (startsUpper(word.text)) capital = true;
    } else if (last) {
      const ending = SENTENCE_END.exec(word.text)?.[0];
      if (ending) kept[kept.length - 1] = { ...last, text: last.text.replace(COMMA, '') + ending };
      else if (COMMA.test(word.text) && COMMA.test(last.text))
        kept[kept.length - 1] = { ...last, text: last.text.replace(COMMA, '') };
    }
  }
  return kept;
}

function startsUpper(text: string): boolean {
  const [first = ''] = text.replace(EDGES, '');
  return first !== first.toLowerCase();
}

function capitalised(text: string): string {
  return text.replace(/\p{L}/u, (letter) => letter.toUpperCase());
}

/** A transcript as it is meant to be read: without fillers. A segment of nothing else is left out. */
export function cleanTranscript(transcript: Transcript): Transcript {
  const { language } = transcript;
  return {
    ...transcript,
    segments: transcript.segments.flatMap((segment): TranscriptSegment[] => {
      const words = wordsOf(segment, segment.words);
      const kept = cleanWords(words, language);
      if (kept.length === words.length) return [segment];
      if (kept.length === 0) return [];
      return [{ ...segment, words: kept, text: joinWords(kept.map(({ text }) => text)) }];
    }),
  };
}

/** `(2.1)`: a pause as transcribers write it, in seconds. */
export function pauseText(ms: number): string {
  return `(${(ms / 1000).toFixed(1)})`;
}

/**
 * The pauses of a transcript.
 * @param minMs shorter gaps between words are none
 * @returns for each segment, the length in ms of the pause before each of its words; 0: none
 */
export function pausesOf(segments: readonly TranscriptSegment[], minMs: number): number[][] {
  let lastMs: number | null = null;
  return segments.map((segment) => {
    const words = wordsOf(segment, segment.words);
    return words.map(({ startMs, endMs }) => {
      const gapMs = lastMs === null ? 0 : startMs - lastMs;
      lastMs = Math.max(lastMs ?? 0, endMs);
      return gapMs >= minMs ? gapMs : 0;
    });
  });
}

/**
 * A transcript with its pauses as words of their own, each with exactly the time of the pause. One
 * between two segments belongs to the later, which then begins with it; the earlier ends there.
 */
export function withPauses(transcript: Transcript, minMs: number): Transcript {
  const pauses = pausesOf(transcript.segments, minMs);
  const segments = transcript.segments.map((segment, at): TranscriptSegment => {
    const own = pauses[at] ?? [];
    if (!own.some((ms) => ms > 0)) return segment;
    const words = wordsOf(segment, segment.words).flatMap((word, i): Word[] => {
      const ms = own[i] ?? 0;
      if (ms === 0) return [word];
      const { startMs } = word;
      return [{ text: pauseText(ms), startMs: startMs - ms, endMs: startMs, confidence: 1 }, word];
    });
    return {
      ...segment,
      startMs: Math.min(segment.startMs, words[0]?.startMs ?? segment.startMs),
      words,
      text: joinWords(words.map(({ text }) => text)),
    };
  });
  return {
    ...transcript,
    // a recognised segment lasts a little longer than its last word, at which the pause begins
    segments: segments.map((segment, at) => {
      const next = segments[at + 1];
      const isBeforePause = next !== undefined && (pauses[at + 1]?.[0] ?? 0) > 0;
      return isBeforePause ? { ...segment, endMs: Math.min(segment.endMs, next.startMs) } : segment;
    }),
  };
}
