import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';

/** One step of Whisper's times, and one frame of its encoder. */
export const STEP_SAMPLES = SAMPLE_RATE_HZ / 50;

/** Text between two times. */
export interface TimedSpan {
  /** Indices among the row's tokens, both inclusive; times are not among them. */
  firstToken: number;
  lastToken: number;
  /** In samples of the window; `startSample < endSample`. */
  startSample: number;
  endSample: number;
}

/**
 * The parts of a window's text between its times: `<|0.00|> one<|1.20|><|1.40|> two<|2.00|>`.
 * Where a time is missing, or goes back, the span reaches to what is known on that side. What
 * begins behind the window's audio stays there; nothing else reaches behind it.
 * @param firstTimeId id of `<|0.00|>`
 * @param samples the window's length, at least one step
 */
export function timedSpans(
  tokens: readonly number[],
  firstTimeId: number,
  samples: number,
): TimedSpan[] {
  const spans: TimedSpan[] = [];
  let open: { firstToken: number; startSample: number } | null = null;
  let reached = 0;
  const close = (lastToken: number, endSample: number) => {
    if (!open) return;
    const { startSample } = open;
    const end = startSample < samples ? Math.min(endSample, samples) : endSample;
    const known = end > startSample ? end : Math.max(samples, startSample + STEP_SAMPLES);
    spans.push({ ...open, endSample: known, lastToken });
    open = null;
  };
  for (const [at, token] of tokens.entries()) {
    if (token < firstTimeId) {
      open ??= { firstToken: at, startSample: reached };
      continue;
    }
    reached = (token - firstTimeId) * STEP_SAMPLES;
    close(at - 1, reached);
  }
  close(tokens.length - 1, samples);
  return spans;
}
