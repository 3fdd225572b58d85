import type { SpeechHypothesis } from '@/lib/engine';
import type { PcmChunk } from '@/lib/engine/audio';
import type { SegmentedSpeech, SegmenterCheckpoint } from '@/lib/engine/vad';
import { COMPARED_SAMPLES, type CopiedSpan, TrackPowers } from './track-powers';

/** A speech segment of one of several tracks. */
export interface TrackSegment extends SegmentedSpeech {
  track: number;
  /** The parts that copy another track's speech, and are not to be written twice. */
  copies: readonly CopiedSpan[];
  /** Where each track resumes after it. */
  reached: readonly (SegmenterCheckpoint | null)[];
}

/** A recognised segment. */
export type TranscribedSpeech = ReturnType<typeof spanOf> & { hypothesis: SpeechHypothesis };

/** What stays with the words of a segment. */
export function spanOf({ track, startSample, endSample, copies }: TrackSegment) {
  return { track, startSample, endSample, copies };
}

interface TrackState {
  /** Segments that wait for those of other tracks. */
  waiting: SegmentedSpeech[];
  /** No segment still to come begins before this sample. */
  nextSample: number;
  /** Checkpoint of the last segment that was handed on. */
  checkpoint: SegmenterCheckpoint | null;
  /** Up to where its sound is known. */
  knownSample: number;
}

/**
 * Puts the speech segments of several tracks into one order, by where they begin, and finds which parts copy
 * another track's speech. The result does not depend on how the tracks' sound arrives.
 */
export class TrackOrder {
  private readonly tracks: TrackState[];
  private readonly powers: TrackPowers | null;

  /**
   * @param startSample where the sound of each track begins
   * @param from where each track resumes
   */
  constructor(
    tracks: number,
    startSample: number,
    from: readonly { checkpoint: SegmenterCheckpoint | null }[],
  ) {
    this.tracks = Array.from({ length: tracks }, (_, track) => ({
      waiting: [],
      checkpoint: from[track]?.checkpoint ?? null,
      nextSample: startSample,
      knownSample: startSample,
    }));
    this.powers = tracks > 1 ? new TrackPowers(tracks, startSample) : null;
  }

  /** All segments of any track that begin before this sample have been given. */
  get untilSample(): number {
    return Math.min(
      ...this.tracks.map(({ waiting, nextSample }) => waiting[0]?.startSample ?? nextSample),
    );
  }

  /** No segment waits for others. */
  get isEmpty(): boolean {
    return this.tracks.every(({ waiting }) => waiting.length === 0);
  }

  /** Takes the sound of a track. */
  push(track: number, chunk: PcmChunk): void {
    const state = this.tracks[track];
    if (!state) return;
    state.knownSample = chunk.startSample + chunk.pcm.length;
    this.powers?.push(track, chunk);
  }

  /**
   * Takes the segments that were found in a track.
   * @param nextSample none that follows in this track begins before it; infinite: none follows
   */
  add(track: number, found: readonly SegmentedSpeech[], nextSample: number): void {
    const state = this.tracks[track];
    if (!state) return;
    state.waiting.push(...found);
    state.nextSample = nextSample;
    if (nextSample === Number.POSITIVE_INFINITY) state.knownSample = nextSample;
  }

  /** The segments that are next. */
  *take(): Generator<TrackSegment> {
    for (;;) {
      const track = this.nextTrack();
      const segment = this.tracks[track]?.waiting[0];
      if (!segment || !this.canCompare(segment)) return;
      const state = this.tracks[track];
      state?.waiting.shift();
      if (state) state.checkpoint = segment.checkpoint;
      const copies = this.powers?.copiesIn(track, segment) ?? [];
      const reached = this.tracks.map(({ checkpoint }) => checkpoint);
      yield { ...segment, track, copies, reached };
      this.powers?.forget(this.untilSample);
    }
  }

  /** The track whose next segment comes before all others; -1: not known yet. */
  private nextTrack(): number {
    let first = -1;
    let firstSample = Number.POSITIVE_INFINITY;
    this.tracks.forEach(({ waiting, nextSample }, track) => {
      const sample = waiting[0]?.startSample ?? nextSample;
      // of two that begin together, the one of the earlier track comes first
      if (sample >= firstSample) return;
      firstSample = sample;
      first = waiting.length > 0 ? track : -1;
    });
    return first;
  }

  private canCompare({ endSample }: SegmentedSpeech): boolean {
    if (!this.powers) return true;
    return this.tracks.every(({ knownSample }) => knownSample >= endSample + COMPARED_SAMPLES);
  }
}

/** Whether all of a segment is a copy. */
export function isCopy({ startSample, endSample, copies }: TrackSegment): boolean {
  const [first] = copies;
  return first !== undefined && first.startSample <= startSample && first.endSample >= endSample;
}
