/** How speech is found and divided. Times in milliseconds, thresholds as probabilities. */
export interface SegmenterOptions {
  /** Speech begins with a frame of at least this probability. */
  onThreshold: number;
  /** Speech continues while frames have at least this probability. */
  offThreshold: number;
  /** A burst of speech shorter than this is taken for noise. */
  minSpeechMs: number;
  /** Silence shorter than this is part of the speech around it. */
  minSilenceMs: number;
  /** Kept before and after speech: soft first and last sounds score low. */
  speechPadMs: number;
  /** Silence of this length always ends a segment; shorter pauses are kept inside while it fits. */
  maxPauseMs: number;
  /** No segment is longer. */
  maxSegmentMs: number;
  /** A segment that has to be divided is not divided earlier than this. */
  minSplitMs: number;
}

/**
 * The thresholds are those the network's authors advise. A recogniser is better with context, so
 * pauses of a sentence stay inside and only a clear stop ends a segment.
 */
export const DEFAULT_SEGMENTER_OPTIONS: SegmenterOptions = {
  onThreshold: 0.5,
  offThreshold: 0.35,
  minSpeechMs: 96,
  minSilenceMs: 192,
  speechPadMs: 300,
  maxPauseMs: 1500,
  maxSegmentMs: 20_000,
  minSplitMs: 4000,
};

/**
 * Fills in the defaults and checks the whole.
 * @throws RangeError for options that contradict each other
 */
export function segmenterOptions(overrides: Partial<SegmenterOptions> = {}): SegmenterOptions {
  const options = { ...DEFAULT_SEGMENTER_OPTIONS, ...overrides };
  for (const [name, value] of Object.entries(options))
    if (!Number.isFinite(value) || value < 0)
      throw new RangeError(`${name} must be a number of at least 0, not ${value}.`);
  const must = (holds: boolean, rule: string) => {
    if (!holds) throw new RangeError(`Segmenter options: ${rule} (${JSON.stringify(options)}).`);
  };
  must(options.onThreshold <= 1, 'onThreshold must be at most 1');
  must(options.offThreshold <= options.onThreshold, 'offThreshold must not exceed onThreshold');
  must(options.minSilenceMs <= options.maxPauseMs, 'minSilenceMs must not exceed maxPauseMs');
  must(2 * options.speechPadMs <= options.maxPauseMs, 'two paddings must fit in maxPauseMs');
  must(options.minSplitMs >= 1000, 'minSplitMs must be at least 1000');
  must(
    options.minSplitMs + 2 * options.maxPauseMs + 2 * options.speechPadMs <= options.maxSegmentMs,
    'maxSegmentMs must leave room for minSplitMs, two pauses and the padding',
  );
  return options;
}
