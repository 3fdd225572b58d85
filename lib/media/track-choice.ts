import type { AudioTrackChoice, AudioTrackInfo } from './types';

/** What a transcript tells of the track that it is of. */
export function trackChoice(tracks: readonly AudioTrackInfo[], index: number): AudioTrackChoice {
  const { name, language } = tracks[index] ?? { name: null, language: null };
  return { index, count: tracks.length, name, language };
}
