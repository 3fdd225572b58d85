import type { Transcript, TranscriptSegment } from '@/lib/transcript';
import type { Bookmark } from './prepare';

/** Text with a place in the recording. */
export interface Span {
  startMs: number;
  endMs: number;
  text: string;
}

/** Everything that one speaker says. */
export interface SpeakerTrack {
  /** Of the transcript; `null`: nobody said who speaks. */
  speakerId: string | null;
  /** No two tracks have the same. */
  name: string;
  segments: TranscriptSegment[];
}

/**
 * A prepared transcript by speakers, in the order in which they are listed.
 * @param nameless what the track is called in which nobody said who speaks
 */
export function speakerTracks(transcript: Transcript, nameless: string): SpeakerTrack[] {
  const names = new Map<string | null, string>(
    transcript.speakers.map(({ id, name }) => [id, name.trim() || id]),
  );
  const tracks = new Map<string | null, TranscriptSegment[]>(
    transcript.speakers.map(({ id }) => [id, []]),
  );
  for (const segment of transcript.segments) {
    if (segment.text === '') continue;
    // a speaker who is not in the list is nobody
    const id = names.has(segment.speakerId) ? segment.speakerId : null;
    const track = tracks.get(id);
    if (track) track.push(segment);
    else tracks.set(id, [segment]);
  }
  const taken = new Set<string>();
  return [...tracks]
    .filter(([, segments]) => segments.length > 0)
    .map(([speakerId, segments]) => {
      const wanted = names.get(speakerId) ?? nameless;
      let name = wanted;
      for (let number = 2; taken.has(name); number++) name = `${wanted} ${number}`;
      taken.add(name);
      return { speakerId, name, segments };
    });
}

/** How long a bookmark is shown in formats that have no moments, in ms. */
const BOOKMARK_MS = 1000;

/** Bookmarks for formats that have spans only, none over another. @param name of those without one */
export function bookmarkSpans(bookmarks: readonly Bookmark[], name: string): Span[] {
  let freeMs = 0;
  return bookmarks.map(({ atMs, label }, at) => {
    const startMs = Math.max(atMs, freeMs);
    const nextMs = bookmarks[at + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    freeMs = Math.max(startMs + 1, Math.min(startMs + BOOKMARK_MS, nextMs));
    return { startMs, endMs: freeMs, text: label || name };
  });
}
