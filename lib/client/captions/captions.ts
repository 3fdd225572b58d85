import { z } from 'zod';
import { AppError } from '@/lib/core';

/**
 * - `waiting`: nothing is recorded yet, or the model is loading
 * - `unavailable`: the recording continues without live text
 */
const phaseSchema = z.enum(['waiting', 'listening', 'paused', 'unavailable', 'ended']);

export type CaptionPhase = z.infer<typeof phaseSchema>;

/** The longest text that counts as one word, and the longest name and title. */
export const MAX_LETTERS = 200;

/** A word; as an object it starts a paragraph, and says who speaks in it where that is known. */
const wordSchema = z.union([
  z.string().max(MAX_LETTERS),
  z.strictObject({
    text: z.string().max(MAX_LETTERS),
    speaker: z.string().max(MAX_LETTERS).nullable(),
  }),
]);

export type CaptionWord = z.infer<typeof wordSchema>;

/** The current live text. */
export interface Captions {
  phase: CaptionPhase;
  title: string;
  /** BCP 47; `null` if unknown. */
  language: string | null;
  words: readonly CaptionWord[];
  /** How many words, from the first, are final: they never change again. */
  finalCount: number;
}

export const NO_CAPTIONS: Captions = {
  phase: 'waiting',
  title: '',
  language: null,
  words: [],
  finalCount: 0,
};

/** The change from one state of captions to the next: words from `keep` on are replaced by `add`. */
export const captionFrameSchema = z.strictObject({
  version: z.literal(1),
  phase: phaseSchema,
  title: z.string().max(MAX_LETTERS),
  language: z.string().max(MAX_LETTERS).nullable(),
  keep: z.int().nonnegative(),
  add: z.array(wordSchema),
  finalCount: z.int().nonnegative(),
});

export type CaptionFrame = z.infer<typeof captionFrameSchema>;

/**
 * The frame that leads from `before` towards `now`; a long text takes several.
 * @param maxWords most words in the frame
 * @returns `null` if nothing has changed
 */
export function frameBetween(
  before: Captions,
  now: Captions,
  maxWords = Number.POSITIVE_INFINITY,
): CaptionFrame | null {
  // final words are the same in both
  let keep = Math.min(before.finalCount, now.words.length);
  while (
    keep < before.words.length &&
    keep < now.words.length &&
    isSameWord(before.words[keep], now.words[keep])
  )
    keep += 1;
  const { title, language } = now;
  const end = Math.min(now.words.length, keep + maxWords);
  const isWhole = end === now.words.length;
  // `ended` must not be reported before the last words
  const phase = isWhole ? now.phase : before.phase;
  const finalCount = Math.min(now.finalCount, end);
  const isSame =
    isWhole &&
    keep === end &&
    keep === before.words.length &&
    phase === before.phase &&
    title === before.title &&
    language === before.language &&
    finalCount === before.finalCount;
  if (isSame) return null;
  return { version: 1, phase, title, language, keep, add: now.words.slice(keep, end), finalCount };
}

/** The frame that gives captions as they are, whatever was there before. */
export function wholeFrame({ words, ...rest }: Captions): CaptionFrame {
  return { version: 1, ...rest, keep: 0, add: [...words] };
}

/**
 * The captions after a frame.
 * @throws AppError BAD_REQUEST for a frame that does not follow `before`: final words would change, or words
 * are missing
 */
export function applyFrame(before: Captions, frame: CaptionFrame): Captions {
  const { phase, title, language, keep, add, finalCount } = frame;
  const length = keep + add.length;
  const follows =
    keep >= before.finalCount &&
    keep <= before.words.length &&
    finalCount >= before.finalCount &&
    finalCount <= length;
  if (!follows) throw new AppError('BAD_REQUEST', 'A frame of captions does not follow.');
  return { phase, title, language, words: [...before.words.slice(0, keep), ...add], finalCount };
}

function isSameWord(one: CaptionWord | undefined, other: CaptionWord | undefined): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return one.text === other.text && one.speaker === other.speaker;
}

/** Words of one paragraph. */
export interface CaptionParagraph {
  /** Who speaks; `null`: unknown, or the same as before. */
  speaker: string | null;
  final: readonly string[];
  unsure: readonly string[];
}

/** Captions as paragraphs, for display. */
export function paragraphsOf({ words, finalCount }: Captions): CaptionParagraph[] {
  const paragraphs: { speaker: string | null; final: string[]; unsure: string[] }[] = [];
  let speaker: string | null = null;
  for (const [at, word] of words.entries()) {
    const starts = typeof word === 'object';
    if (starts || at === 0) {
      const name = starts ? word.speaker : null;
      paragraphs.push({ speaker: name === speaker ? null : name, final: [], unsure: [] });
      speaker = name;
    }
    const text = starts ? word.text : word;
    paragraphs.at(-1)?.[at < finalCount ? 'final' : 'unsure'].push(text);
  }
  return paragraphs;
}

/** Captions as plain text: a paragraph a line, with an empty one between two. */
export function captionText(captions: Captions): string {
  return paragraphsOf(captions)
    .map(({ speaker, final, unsure }) => {
      const text = [...final, ...unsure].join(' ');
      return speaker === null ? text : `${speaker}: ${text}`;
    })
    .join('\n\n');
}
