import { SAMPLE_RATE_HZ, SAMPLES_PER_MS, type TrackIndex } from '@/lib/engine/audio';
import type { TimeSpan } from '@/lib/transcript';

/** Spans of a recording that are covered, and the sound that covers them. */
export interface Cover {
  /** In order. */
  spans: readonly TimeSpan[];
  with: 'tone' | 'silence';
}

/** Words sound a little longer than their times say. */
const MARGIN_MS = 50;

/** Quieter than speech: -26 dBFS. */
const TONE_AMPLITUDE = 0.05;
const TONE_HZ = 1000;

/** The tone fades in and out over this length, so that it does not click. */
const FADE_SAMPLES = 5 * SAMPLES_PER_MS;

/** Spans with a margin at either side, in order; those that then overlap are merged. */
export function widened(spans: readonly TimeSpan[]): TimeSpan[] {
  const wide: TimeSpan[] = [];
  for (const { startMs, endMs } of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    const last = wide.at(-1);
    const from = Math.max(0, startMs - MARGIN_MS);
    const to = endMs + MARGIN_MS;
    if (last && from <= last.endMs) last.endMs = Math.max(last.endMs, to);
    else wide.push({ startMs: from, endMs: to });
  }
  return wide;
}

/**
 * Creates a function that overwrites the covered samples, given consecutive blocks of a recording.
 * @returns takes a block and the index of its first sample in the recording
 */
export function createCover({
  spans,
  with: filling,
}: Cover): (pcm: Float32Array, startSample: number) => void {
  const wide = widened(spans).map(({ startMs, endMs }) => ({
    from: Math.floor(startMs * SAMPLES_PER_MS),
    to: Math.ceil(endMs * SAMPLES_PER_MS),
  }));
  let next = 0;
  return (pcm, startSample) => {
    const endSample = startSample + pcm.length;
    while ((wide[next]?.to ?? Number.POSITIVE_INFINITY) <= startSample) next += 1;
    for (let at = next; at < wide.length; at += 1) {
      const { from, to } = wide[at] ?? { from: endSample, to: endSample };
      if (from >= endSample) break;
      const [start, end] = [Math.max(from, startSample), Math.min(to, endSample)];
      for (let sample = start; sample < end; sample += 1)
        pcm[sample - startSample] =
          filling === 'tone' ? toneAt(sample, Math.min(sample - from, to - 1 - sample)) : 0;
    }
  };
}

/** @param fromEdge samples to the nearer end of the tone */
function toneAt(sample: number, fromEdge: number): number {
  const loudness = TONE_AMPLITUDE * Math.min(1, fromEdge / FADE_SAMPLES);
  return loudness * Math.sin((2 * Math.PI * TONE_HZ * sample) / SAMPLE_RATE_HZ);
}

/** How a playable copy is made. */
export interface PlayableOrder {
  source: Blob;
  /** Where it is written; existing content is overwritten. */
  file: FileSystemFileHandle;
  /** The audio track of the source, or all of them mixed, which needs `sound`. */
  track: TrackIndex;
  /**
   * `packets`: the encoded packets are copied, which needs a source with exact packet times; `sound`: the
   * decoded sound is encoded again.
   */
  from: 'packets' | 'sound';
  /** Whether the picture is copied, where there is one that this browser can show. */
  withVideo: boolean;
  /** `ffmpeg`: the one that decoded it for the transcript. */
  decoder: 'auto' | 'ffmpeg';
  /** What is covered; only with `sound`. */
  cover?: Cover;
}

/** What was written. */
export interface WrittenPlayable {
  mediaType: string;
  sizeBytes: number;
  /** Length of its sound. */
  durationMs: number;
  hasVideo: boolean;
}

/** Makes copies of recordings that a browser plays exactly, in a worker of its own. */
export interface PlayableWriter {
  /** @param onProgress called with how much of the audio has been written, in ms */
  write(
    order: PlayableOrder,
    options?: { signal?: AbortSignal; onProgress?: (doneMs: number) => void },
  ): Promise<WrittenPlayable>;
  dispose(): void;
}
