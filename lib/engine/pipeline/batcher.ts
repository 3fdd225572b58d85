import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';

/** Segments recognised together, at most. */
const MAX_SEGMENTS = 16;

/**
 * A batch is closed when it holds this much speech: about four windows of Whisper, which a decoder
 * writes in little more time than one. What a crash can cost stays small.
 */
const MAX_SAMPLES = 100 * SAMPLE_RATE_HZ;

/** The first batches are small, so that the first words come early: 1, 2, 4, 8, then 16 segments. */
function segmentLimit(ordinal: number): number {
  return Math.min(MAX_SEGMENTS, 2 ** Math.min(ordinal, 10));
}

/**
 * Puts speech segments together for the recogniser. How they fall into batches depends only on
 * the segments and on how many batches came before, never on timing: a resumed run makes the
 * same batches as an unbroken one.
 */
export class Batcher<S extends { startSample: number; endSample: number }> {
  private open: S[] = [];
  private samples = 0;

  /** @param ordinal batches already closed in earlier runs */
  constructor(private ordinal: number) {}

  /** Adds a segment. @returns the batch it closes, or `null` */
  add(segment: S): S[] | null {
    this.open.push(segment);
    this.samples += segment.endSample - segment.startSample;
    const full = this.open.length >= segmentLimit(this.ordinal) || this.samples >= MAX_SAMPLES;
    return full ? this.flush() : null;
  }

  /** Closes what is open. @returns it, or `null` when there is nothing */
  flush(): S[] | null {
    if (this.open.length === 0) return null;
    const batch = this.open;
    this.open = [];
    this.samples = 0;
    this.ordinal += 1;
    return batch;
  }
}
