import type { TokenLimits } from '@/lib/engine/families/seq2seq';
import type { WhisperConfig } from './config';

/** How times may be chosen, where there is more than one practice. */
export interface TimeRules {
  /** Steps of 20 ms that the first time of a window may be at most; `null`: any. */
  maxInitial: number | null;
  /** Times never go back. */
  monotonic: boolean;
  /** The vocabulary's special tokens are not text, even where the publisher does not say so. */
  noSpecial: boolean;
}

/** The rules of Whisper's own decoder. */
export function usualRules({ maxInitialTime }: WhisperConfig): TimeRules {
  return { maxInitial: maxInitialTime, monotonic: true, noSpecial: true };
}

/** What a step may choose from, for text with times. */
export function tokenLimits(config: WhisperConfig, rules: TimeRules): TokenLimits {
  const { endId, noTimesId, firstTimeId } = config;
  const suppressed = new Set([...config.suppressed, noTimesId]);
  if (rules.noSpecial) for (let id = endId + 1; id < firstTimeId; id++) suppressed.add(id);
  return {
    suppressed: [...suppressed],
    timestamps: {
      firstId: firstTimeId,
      endId,
      maxInitial: rules.maxInitial,
      monotonic: rules.monotonic,
    },
  };
}
