import type { Transcript } from '@/lib/transcript';
import type { ExportOptions } from './options';
import { cleanTranscript, withPauses } from './verbatim';

/** A moment that the user marked. */
export interface Bookmark {
  atMs: number;
  /** What the user called it; empty where they did not. */
  label: string;
}

/**
 * The transcript that the writers of one file see: without what the user does not want.
 * @param pausesAsWords whether pauses stand among the words; subtitles place them themselves
 */
export function prepare(
  transcript: Transcript,
  options: ExportOptions,
  pausesAsWords = true,
): Transcript {
  const { speakers, bookmarks, verbatim, pauses, minPauseMs } = options;
  const { marks, ...rest } = transcript;
  let prepared: Transcript = bookmarks && marks ? { ...rest, marks } : rest;
  if (!speakers)
    prepared = {
      ...prepared,
      speakers: [],
      segments: prepared.segments.map((segment) =>
        segment.speakerId === null ? segment : { ...segment, speakerId: null },
      ),
    };
  if (!verbatim) return cleanTranscript(prepared);
  return pauses && pausesAsWords ? withPauses(prepared, minPauseMs) : prepared;
}

/** The bookmarks of a prepared transcript, in order. */
export function bookmarksOf({ marks }: Pick<Transcript, 'marks'>): Bookmark[] {
  return (marks ?? [])
    .map((mark: { atMs: number; label?: string | undefined }) => ({
      atMs: mark.atMs,
      label: mark.label ?? '',
    }))
    .sort((a, b) => a.atMs - b.atMs);
}

/** What the speaker of a segment is called; `null`: nobody said who speaks. */
export function speakerNames({ speakers }: Pick<Transcript, 'speakers'>) {
  const names = new Map(speakers.map(({ id, name }) => [id, name]));
  return (speakerId: string | null): string | null =>
    speakerId === null ? null : (names.get(speakerId) ?? null);
}
