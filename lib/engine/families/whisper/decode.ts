import { throwIfAborted } from '@/lib/core';
import type { DecoderBatch, HotTokens, TokenRow } from '@/lib/engine/families/seq2seq';
import type { TextTokenizer } from '@/lib/engine/words';
import type { WhisperConfig } from './config';
import { bestOfBad, findLoop, judge, type Quality, qualityOf, sayableTokens } from './quality';
import { type TimeRules, tokenLimits } from './rules';

/** Tried one after the other, until a window's text is good. */
const TEMPERATURES = [0, 0.2, 0.4, 0.6, 0.8, 1];
/** Hypotheses of a window, at most, where the most probable text is looked for (`docs/models.md` has what they gain). */
const BEAM_WIDTH = 3;

/** What one window is asked. */
export interface RowRequest {
  /** All of one length. */
  prompt: readonly number[];
  /** Probability that nobody speaks. */
  noSpeech: number;
  /** Samples of speech in the window, silence between segments left out. */
  speechSamples: number;
}

/** The text of one window: tokens with times, and how probable each was (natural logarithms). */
export interface WindowTokens {
  tokens: readonly number[];
  logProbs: readonly number[];
}

interface Attempt extends WindowTokens {
  quality: Quality;
}

const NOTHING: WindowTokens = { tokens: [], logProbs: [] };

/** What decoding needs to know of a model. */
export interface DecodeModel {
  config: WhisperConfig;
  tokenizer: TextTokenizer;
  rules: TimeRules;
}

/**
 * The text of every window of a batch. Windows whose text repeats itself or was guessed are decoded
 * again at a higher temperature, as Whisper's reference implementation does it; the others wait.
 * Where no temperature gives a good text, the least bad is taken (as in faster-whisper: the last
 * one, at temperature 1, is seldom the best). Loops are cut off; what is repeated in the time that
 * it takes to say it, and comes to an end, is not a loop.
 *
 * The user's words are favoured at temperature 0: what is drawn by chance does not need them.
 *
 * The same windows give the same text: random numbers depend on the temperature only.
 * @param options.hot the user's words; `null`: none
 * @param requests one for each row; `null`: the row is left alone, and has no text
 * @throws RECOGNISE_FAILED, ABORTED; fatal: GPU_DEVICE_LOST, OUT_OF_MEMORY
 */
export async function decodeWindows(
  batch: DecoderBatch,
  requests: readonly (RowRequest | null)[],
  model: DecodeModel,
  { hot, signal }: { hot: HotTokens | null; signal: AbortSignal },
): Promise<WindowTokens[]> {
  const { config } = model;
  const asked = requests.filter((request) => request !== null);
  const prompts = requests.map((request) => (request ?? asked[0])?.prompt ?? []);
  const maxTokens = config.maxLength - (prompts[0]?.length ?? 0);
  const isText = (id: number) => id < config.endId;
  const limits = tokenLimits(config, model.rules);
  const attempts: Attempt[][] = requests.map(() => []);
  const results: WindowTokens[] = requests.map(() => NOTHING);
  let waiting = new Set([...requests.keys()].filter((row) => requests[row] !== null));
  for (const [round, temperature] of TEMPERATURES.entries()) {
    if (waiting.size === 0) break;
    throwIfAborted(signal);
    const wanted = waiting;
    const rows = await batch.generate({
      prompts,
      endId: config.endId,
      maxTokens,
      limits,
      ...{ hot, beamWidth: BEAM_WIDTH },
      suppressedFirst: config.suppressedFirst,
      temperature,
      random: seededRandom(round),
      shouldStop: (tokens, row) =>
        !wanted.has(row) || isEndless(tokens.filter(isText), maxTokens, requests[row]),
      signal,
    });
    waiting = new Set();
    for (const row of wanted) {
      const attempt = await attemptOf(rows[row], maxTokens, requests[row], model);
      const verdict = judge(attempt.quality, requests[row]?.noSpeech ?? 0);
      attempts[row]?.push(attempt);
      if (verdict === 'silence') results[row] = NOTHING;
      else if (verdict === 'good' && !attempt.looped) results[row] = attempt;
      else waiting.add(row);
    }
  }
  for (const row of waiting) results[row] = bestOfBad(attempts[row] ?? []) ?? NOTHING;
  return results;
}

/** Whether a text that is still being written has gone round for longer than anybody can have said it. */
function isEndless(
  texts: readonly number[],
  maxTokens: number,
  request: RowRequest | null | undefined,
): boolean {
  const loop = findLoop(texts, maxTokens);
  return loop !== null && texts.length - loop.start > sayableTokens(request?.speechSamples ?? 0);
}

async function attemptOf(
  row: TokenRow | undefined,
  maxTokens: number,
  request: RowRequest | null | undefined,
  { config, tokenizer }: DecodeModel,
): Promise<Attempt & { looped: boolean }> {
  const { tokens = [], logProbs = [], ended = false } = row ?? {};
  // a loop's rounds may carry increasing times
  const texts = [...tokens.keys()].filter((at) => (tokens[at] ?? config.endId) < config.endId);
  const sayable = ended && texts.length <= sayableTokens(request?.speechSamples ?? 0);
  const loop = findLoop(
    texts.map((at) => tokens[at] ?? config.endId),
    maxTokens,
  );
  const looped = loop !== null && !sayable;
  // what came before, and one round
  const length = looped ? (texts[loop.start + loop.cycle - 1] ?? -1) + 1 : tokens.length;
  const own = tokens.slice(0, length);
  const quality = await qualityOf(
    tokenizer.decode(own).trim(),
    looped ? logProbs.slice(0, length) : logProbs,
    length,
    sayable,
  );
  return { tokens: own, logProbs: logProbs.slice(0, length), quality, looped };
}

/**
 * Random numbers that are the same for the same seed, so that a resumed job gives the same text:
 * a 32-bit xorshift register (Marsaglia 2003, "Xorshift RNGs", shifts 13, 17, 5).
 * @param seed an integer
 * @returns a function whose calls give numbers uniform in [0, 1)
 */
export function seededRandom(seed: number): () => number {
  // a register of zeros would stay so, and those of small seeds are alike at first
  let state = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let warm = 0; warm < 8; warm++) next();
  return next;
}
