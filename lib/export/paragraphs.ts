import { needsSpace } from '@/lib/core';
import { type Transcript, type TranscriptSegment, type Word, wordsOf } from '@/lib/transcript';
import { type Bookmark, bookmarksOf, speakerNames } from './prepare';

/** A pause of this length, another speaker or a bookmark begins a new paragraph. */
const PARAGRAPH_PAUSE_MS = 2000;

/** Consecutive segments of one speaker. */
export interface Paragraph {
  startMs: number;
  endMs: number;
  /** Its speaker's name, where it is the first of a turn; `null` else, and where no name is known. */
  turn: string | null;
  segments: TranscriptSegment[];
  text: string;
  /** Bookmarks in it: they are shown above it. */
  bookmarks: Bookmark[];
}

/** A transcript in paragraphs, for formats that are read as running text. */
export function paragraphsOf(transcript: Transcript): Paragraph[] {
  const segments = transcript.segments.filter(({ text }) => text !== '');
  const nameOf = speakerNames(transcript);
  const marks = bookmarksBySegment(segments, bookmarksOf(transcript));
  const paragraphs: Paragraph[] = [];
  let speaker: string | null = null;
  for (const [at, segment] of segments.entries()) {
    const startMs = segment.words[0]?.startMs ?? segment.startMs;
    const endMs = segment.words.at(-1)?.endMs ?? segment.endMs;
    const isTurn = segment.speakerId !== speaker;
    const bookmarks = marks.get(at) ?? [];
    const last = paragraphs.at(-1);
    const isNew =
      !last || startMs - last.endMs >= PARAGRAPH_PAUSE_MS || isTurn || bookmarks.length > 0;
    if (isNew)
      paragraphs.push({
        startMs,
        endMs,
        turn: isTurn ? nameOf(segment.speakerId) : null,
        segments: [segment],
        text: segment.text,
        bookmarks,
      });
    else {
      last.text += `${needsSpace(last.text, segment.text) ? ' ' : ''}${segment.text}`;
      last.segments.push(segment);
      last.endMs = endMs;
    }
    speaker = segment.speakerId;
  }
  return paragraphs;
}

/** A bookmark belongs to the last segment that begins before it, else to the first. */
export function bookmarksBySegment(
  segments: readonly TranscriptSegment[],
  bookmarks: readonly Bookmark[],
): Map<number, Bookmark[]> {
  const bySegment = new Map<number, Bookmark[]>();
  let at = 0;
  if (segments.length === 0) return bySegment;
  for (const bookmark of bookmarks) {
    while ((segments[at + 1]?.startMs ?? Number.POSITIVE_INFINITY) <= bookmark.atMs) at++;
    bySegment.set(at, [...(bySegment.get(at) ?? []), bookmark]);
  }
  return bySegment;
}

/** The words of a paragraph in order, each with whether a space stands before it. */
export function wordsOfParagraph({ segments }: Paragraph): { word: Word; isSpaced: boolean }[] {
  let before: string | null = null;
  return segments.flatMap((segment) =>
    wordsOf(segment, segment.words).map((word) => {
      const isSpaced = before !== null && needsSpace(before, word.text);
      before = word.text;
      return { word, isSpaced };
    }),
  );
}
