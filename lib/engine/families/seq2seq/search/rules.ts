import type { TimestampRules, TokenLimits } from '../decoder';

/** Stands for minus infinity, which not every backend computes with rightly. */
export const NEVER = -1e9;

/** Which text tokens a row may take next; the first two are rows of `RuleTables.text`. */
export const TEXT = { all: 0, fromEnd: 1, none: 2 } as const;

/** What one row may take next. Times are counted from `<|0.00|>`. */
export interface RowRule {
  text: (typeof TEXT)[keyof typeof TEXT];
  /** Times from here up to but without `toTime`. */
  fromTime: number;
  toTime: number;
  /** The last token was a time. */
  wasTime: boolean;
  /** The last time among the tokens; -1: none yet. */
  lastTime: number;
}

/** What the rules need of a model and a call, as the graph takes it. */
export interface RuleTables {
  /** Added to logits: 0 or `NEVER`; a line for `TEXT.all`, one for `TEXT.fromEnd`. [2][vocabulary] */
  text: Float32Array;
  /** Added to the logits of times. [times] */
  times: Float32Array;
  /** Id of the first time. Without times the last id stands for one, and is never taken. */
  firstTime: number;
  rules: TimestampRules | null;
}

/** Makes the tables of what is suppressed. */
export function ruleTables(
  { suppressed, timestamps: rules }: TokenLimits,
  vocabulary: number,
): RuleTables {
  const firstTime = Math.min(rules?.firstId ?? vocabulary, vocabulary - 1);
  const text = new Float32Array(2 * vocabulary);
  const times = new Float32Array(vocabulary - firstTime);
  if (rules) {
    text.fill(NEVER, rules.firstId, vocabulary + rules.endId);
    text.fill(NEVER, vocabulary + rules.firstId);
  } else {
    times.fill(NEVER);
    text.fill(NEVER, vocabulary);
  }
  for (const id of suppressed) {
    if (id < 0 || id >= vocabulary) continue;
    text[id] = NEVER;
    text[vocabulary + id] = NEVER;
    if (id >= firstTime) times[id - firstTime] = NEVER;
  }
  return { text, times, firstTime, rules };
}

/**
 * What a row may take after these tokens (without the prompt): times come in pairs but at the end,
 * the first token is one, and they do not go back.
 */
export function ruleAfter(tokens: readonly number[], { rules, times }: RuleTables): RowRule {
  const wasTime = !!rules && (tokens.at(-1) ?? -1) >= rules.firstId;
  if (!rules) return { text: TEXT.all, fromTime: 0, toTime: 0, wasTime, lastTime: -1 };
  if (tokens.length === 0) {
    const toTime = Math.min(times.length, (rules.maxInitial ?? times.length) + 1);
    return { text: TEXT.none, fromTime: 0, toTime, wasTime: true, lastTime: -1 };
  }
  const last = tokens.findLast((token) => token >= rules.firstId);
  const lastTime = last === undefined ? -1 : last - rules.firstId;
  const twice = wasTime && (tokens.at(-2) ?? rules.firstId) >= rules.firstId;
  const single = wasTime && !twice;
  return {
    text: single ? TEXT.fromEnd : TEXT.all,
    // a segment may end where it began, but the next thing is later
    fromTime: rules.monotonic ? lastTime + (single ? 0 : 1) : 0,
    toTime: twice ? 0 : times.length,
    wasTime,
    lastTime,
  };
}
