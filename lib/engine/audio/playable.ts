import type { Probe } from './probe';
import type { DecodeNotice, MediaInfo } from './types';

/** What is known of a kept recording when somebody wants to hear it. */
export interface PlayableFacts {
  /** `frames`: a bare stream, without an index and without a length that can be relied on. */
  frames: Probe['frames'];
  /** What decoded it; `null`: not known yet. */
  decoder: MediaInfo['decoder'] | null;
  /** Index of the audio track that was transcribed. */
  track: number;
  notices: readonly DecodeNotice[];
  /** As decoded; `null` while that is not the end. */
  durationMs: number | null;
  hasVideo: boolean;
  /** What the browser's player says of its length, in seconds; `null`: it cannot play it. */
  playerSeconds: number | null;
}

/** Codecs round a length to whole packets; more than this is another length. */
const TOLERANCE_MS = 500;

/**
 * Whether the browser's player plays other sound than was transcribed at some position, and how a copy
 * that does not is made: of the packets, or of the decoded sound. Measured in Chromium: containers with
 * an index, Ogg and FLAC are sought in to the sample; bare MP3 is up to minutes off, for the player
 * guesses from the bit rate; gaps in a track are played over.
 * @returns `null` when the recording itself plays right
 */
export function neededCopy(facts: PlayableFacts): 'packets' | 'sound' | null {
  const { frames, decoder, track, notices } = facts;
  if (decoder === 'ffmpeg') return 'sound';
  if (frames) return 'packets';
  if (notices.some(({ kind }) => kind === 'gap')) return 'sound';
  return track > 0 || !playsWhole(facts) ? 'packets' : null;
}

/** A player that is wrong about the length seeks wrongly, or does not reach the end. */
function playsWhole({ playerSeconds, durationMs, hasVideo }: PlayableFacts): boolean {
  if (playerSeconds === null) return false;
  if (durationMs === null) return true;
  const surplusMs = playerSeconds * 1000 - durationMs;
  // a picture may continue when the sound is over
  const isTooLong = surplusMs > TOLERANCE_MS && !(hasVideo && Number.isFinite(surplusMs));
  return !isTooLong && surplusMs > -TOLERANCE_MS;
}

/** Whether a copy is as long as what was transcribed. */
export function isWholeCopy(copyMs: number, durationMs: number | null): boolean {
  return durationMs === null || Math.abs(copyMs - durationMs) <= TOLERANCE_MS;
}
