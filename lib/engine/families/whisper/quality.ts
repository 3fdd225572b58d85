import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';

/** What distinguishes a good text of one window from a bad one. */
export interface Quality {
  /** Bytes of the text / bytes of its deflated form: high where it repeats itself. */
  compressionRatio: number;
  /** Natural logarithm; the end token counts as one more. */
  averageLogProb: number;
  /** The text ended by itself, and there is time enough to say all of it: see `sayableTokens`. */
  sayable: boolean;
}

/** Above this a text says the same over and over. */
const MAX_COMPRESSION_RATIO = 2.4;
/**
 * A repetitive text is believed from this probability up, where it can have been said: "No, no, no" ten times
 * over compresses like a loop, but a loop does not end by itself, or says more than there is time for. This
 * rule is ours; without it, the reference implementation leaves out most of such speech.
 */
const SURE_LOG_PROB = -0.5;
/**
 * Tokens that can be said in a second: fast languages have 8 syllables (Pellegrino et al. 2011, "A
 * cross-language perspective on speech information rate").
 */
const TOKENS_PER_SECOND = 8;

/** Below this, the text is a guess. */
const MIN_AVERAGE_LOG_PROB = -1;
/** Above this, a text that is a guess is taken for silence. */
const MAX_NO_SPEECH = 0.6;

/** Whether a text is to be used, tried again at another temperature, or taken for silence. */
export type Verdict = 'good' | 'bad' | 'silence';

/**
 * The rules by which Whisper's reference implementation falls back (Radford et al. 2022, section
 * 4.5; `decode_with_fallback` of its `transcribe.py`).
 * @param noSpeech probability that nobody speaks
 */
export function judge(quality: Quality, noSpeech: number): Verdict {
  const guessed = !(quality.averageLogProb >= MIN_AVERAGE_LOG_PROB);
  if (guessed && noSpeech > MAX_NO_SPEECH) return 'silence';
  return guessed || repeats(quality) ? 'bad' : 'good';
}

/** The text to use when all are bad: the most probable of those that do not repeat themselves, if any. */
export function bestOfBad<T extends { quality: Quality }>(attempts: readonly T[]): T | null {
  const varied = attempts.filter(({ quality }) => !repeats(quality));
  const candidates = varied.length > 0 ? varied : attempts;
  return candidates.reduce<T | null>(
    (best, one) => (best && best.quality.averageLogProb >= one.quality.averageLogProb ? best : one),
    null,
  );
}

function repeats({ compressionRatio, averageLogProb, sayable }: Quality): boolean {
  const isSaid = sayable && averageLogProb >= SURE_LOG_PROB;
  return compressionRatio > MAX_COMPRESSION_RATIO && !isSaid;
}

/** The most text tokens that there is time to say in this much speech. */
export function sayableTokens(speechSamples: number): number {
  return (TOKENS_PER_SECOND * speechSamples) / SAMPLE_RATE_HZ;
}

/**
 * The quality of one window's text.
 * @param logProbs of the tokens, and of the end when it was reached
 * @param tokens how many there are, without the end
 * @param sayable see `Quality`
 */
export async function qualityOf(
  text: string,
  logProbs: readonly number[],
  tokens: number,
  sayable: boolean,
): Promise<Quality> {
  const sum = logProbs.reduce((a, b) => a + b, 0);
  const averageLogProb = sum / (tokens + 1);
  return { compressionRatio: await compressionRatio(text), averageLogProb, sayable };
}

/** Bytes of the text / bytes of the text in zlib's format. */
export async function compressionRatio(text: string): Promise<number> {
  const bytes = new TextEncoder().encode(text);
  const deflated = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  let size = 0;
  const reader = deflated.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read())
    size += part.value.length;
  return bytes.length / size;
}

/** Tokens of a cycle, at most. Longer repetitions are refrains, or too slow to be a problem. */
const MAX_CYCLE = 64;

/** People say a thing this often at most, */
const MIN_REPEATS = 8;
/** or longer when it is short: "no, no, no" and "la la la" may last a while. */
const MIN_LOOP_TOKENS = 24;

/** A cycle of any length that came this often and fills half of what a window may hold. */
const MIN_LONG_REPEATS = 3;

/** Where a text goes round and round. */
interface Loop {
  /** Index of the first token of the first round. */
  start: number;
  /** Tokens of one round. */
  cycle: number;
}

/**
 * The first position where tokens repeat far more often than people do: a cycle of up to 64 tokens
 * that comes at least 8 times over at least 24 tokens, or at least 3 times over half of what a
 * window may hold. Networks fall into such loops on noise and music, and then seldom get out.
 * @param maxTokens what a window may hold
 * @returns `null` when there is none
 */
export function findLoop(tokens: readonly number[], maxTokens: number): Loop | null {
  // how many tokens up to here equal the one a cycle before, for every length of cycle
  const equal = new Uint32Array(MAX_CYCLE + 1);
  for (let at = 1; at < tokens.length; at++) {
    for (let cycle = 1; cycle <= Math.min(MAX_CYCLE, at); cycle++) {
      if (tokens[at] !== tokens[at - cycle]) {
        equal[cycle] = 0;
        continue;
      }
      const run = (equal[cycle] ?? 0) + 1;
      equal[cycle] = run;
      const span = run + cycle;
      if (isLoop(span, cycle, maxTokens)) return { start: at + 1 - span, cycle };
    }
  }
  return null;
}

function isLoop(span: number, cycle: number, maxTokens: number): boolean {
  return (
    (span >= MIN_REPEATS * cycle && span >= MIN_LOOP_TOKENS) ||
    (span >= MIN_LONG_REPEATS * cycle && span > maxTokens / 2)
  );
}
