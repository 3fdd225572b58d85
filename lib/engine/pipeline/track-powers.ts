import { type PcmSpan, SAMPLE_RATE_HZ } from '@/lib/engine/audio';

/** Power is measured in frames of 20 ms. */
export const POWER_FRAME_SAMPLES = SAMPLE_RATE_HZ / 50;

/**
 * How far before and after a track's sound it may show up in another track, in frames: a loudspeaker's sound
 * reaches the microphone after the buffers of both.
 */
const EARLIEST_FRAMES = -5;
const LATEST_FRAMES = 20;

/**
 * A copy is at least 3 dB quieter than its original, and its loudness goes up and down with it: over 2 s the
 * correlation of the amplitudes was 0.82 and more for 99 % of what a microphone picks up of a loudspeaker in a
 * room (0.3 s of reverberation), and below 0.71 for 99 % of what two people say at once.
 */
const QUIETER = 2;
const ALIKE = 0.76;
const WINDOW_FRAMES = 100;
/** Each cell of half a second is judged by the window around it. */
const CELL_FRAMES = 25;
const BESIDE_FRAMES = (WINDOW_FRAMES - CELL_FRAMES) / 2 + 1;

/** Sound that has to be known before and after a segment to find copies in it. */
export const COMPARED_SAMPLES =
  Math.ceil(LATEST_FRAMES + CELL_FRAMES + BESIDE_FRAMES) * POWER_FRAME_SAMPLES;

/** A part of a track that is a copy of another one. */
export interface CopiedSpan {
  startSample: number;
  endSample: number;
}

/** The loudness of several tracks over time, as far as segments may still be compared. */
export class TrackPowers {
  /** Mean power of each frame from `firstFrame` on. */
  private readonly frames: number[][];
  private readonly partial: { sum: number; count: number }[];
  private firstFrame: number;

  /** @param startSample where the sound of all tracks begins: at a whole frame */
  constructor(tracks: number, startSample: number) {
    this.frames = Array.from({ length: tracks }, () => []);
    this.partial = Array.from({ length: tracks }, () => ({ sum: 0, count: 0 }));
    this.firstFrame = startSample / POWER_FRAME_SAMPLES;
  }

  /** Takes the sound of a track that follows what was taken before. */
  push(track: number, { pcm }: Pick<PcmSpan, 'pcm'>): void {
    const frames = this.frames[track];
    const partial = this.partial[track];
    if (!frames || !partial) return;
    let { sum, count } = partial;
    for (let at = 0; at < pcm.length; at += 1) {
      const sample = pcm[at] ?? 0;
      sum += sample * sample;
      count += 1;
      if (count < POWER_FRAME_SAMPLES) continue;
      frames.push(sum / count);
      sum = 0;
      count = 0;
    }
    partial.sum = sum;
    partial.count = count;
  }

  /**
   * Where a segment is a quiet copy of what another track has at that time, as a microphone picks up a loudspeaker,
   * or somebody who sits farther away. Two people who speak at once are not copies of each other: their loudness
   * changes independently.
   * @returns in order and apart
   */
  copiesIn(track: number, { startSample, endSample }: CopiedSpan): CopiedSpan[] {
    const copies: CopiedSpan[] = [];
    const end = Math.ceil(endSample / POWER_FRAME_SAMPLES);
    for (let at = Math.floor(startSample / POWER_FRAME_SAMPLES); at < end; at += CELL_FRAMES) {
      if (!this.isCopy(track, Math.round(at + CELL_FRAMES / 2 - WINDOW_FRAMES / 2))) continue;
      const [from, to] = [at * POWER_FRAME_SAMPLES, (at + CELL_FRAMES) * POWER_FRAME_SAMPLES];
      const last = copies.at(-1);
      if (last?.endSample === from) last.endSample = to;
      else copies.push({ startSample: from, endSample: to });
    }
    return copies;
  }

  /** Whether the window that begins with a frame is a copy of another track. */
  private isCopy(track: number, from: number): boolean {
    const own = this.window(track, from);
    const ownPower = mean(own);
    const amplitudes = own.map(Math.sqrt);
    for (let other = 0; other < this.frames.length; other += 1) {
      if (other === track) continue;
      for (let lag = EARLIEST_FRAMES; lag <= LATEST_FRAMES; lag += 1) {
        const original = this.window(other, from - lag);
        if (mean(original) < ownPower * QUIETER) continue;
        if (correlation(amplitudes, original.map(Math.sqrt)) >= ALIKE) return true;
      }
    }
    return false;
  }

  /** Nothing before this sample is asked for any more. */
  forget(sample: number): void {
    const keep = Math.floor((sample - COMPARED_SAMPLES) / POWER_FRAME_SAMPLES);
    const drop = keep - this.firstFrame;
    // seldom, since it moves what stays
    if (drop < 3000) return;
    for (const frames of this.frames) frames.splice(0, drop);
    this.firstFrame = keep;
  }

  /** Where a track's sound is not known it is silent. */
  private window(track: number, from: number): number[] {
    const frames = this.frames[track] ?? [];
    const first = from - this.firstFrame;
    return Array.from({ length: WINDOW_FRAMES }, (_, at) => frames[first + at] ?? 0);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function correlation(one: readonly number[], other: readonly number[]): number {
  const [meanOne, meanOther] = [mean(one), mean(other)];
  let [both, squareOne, squareOther] = [0, 0, 0];
  one.forEach((value, at) => {
    const [a, b] = [value - meanOne, (other[at] ?? 0) - meanOther];
    both += a * b;
    squareOne += a * a;
    squareOther += b * b;
  });
  const size = Math.sqrt(squareOne * squareOther);
  return size > 0 ? both / size : 0;
}
