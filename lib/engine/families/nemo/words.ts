import type { RecognisedWord } from '@/lib/engine';
import { distributeWords } from '@/lib/engine/alignment';
import { groupWords, type TextTokenizer } from '@/lib/engine/words';

/** A token that a search found, and the encoder frames it stands for. */
export interface FoundToken {
  id: number;
  /** Its first frame, and the one after its last. */
  firstFrame: number;
  endFrame: number;
  /** Natural logarithm of the probability that the network gave it. */
  logProb: number;
}

/**
 * Puts tokens together to words with times. Words are in order and do not overlap, each has
 * start < end inside [0, samples]; words that begin in the same frame share the time up to the next.
 * The confidence is the mean of the tokens' probabilities.
 * @param tokens in order of time
 * @param frameSamples samples from one encoder frame to the next; the first begins at 0
 * @param samples length of the segment
 */
export function wordsOf(
  tokens: readonly FoundToken[],
  tokenizer: TextTokenizer,
  frameSamples: number,
  samples: number,
): RecognisedWord[] {
  const groups = groupWords(
    tokens.map(({ id }) => id),
    tokens.map(({ logProb }) => logProb),
    tokenizer,
  );
  const words: RecognisedWord[] = [];
  for (let from = 0; from < groups.length; ) {
    const firstFrame = tokens[groups[from]?.firstToken ?? 0]?.firstFrame ?? 0;
    const beginsHere = (at: number) =>
      tokens[groups[at]?.firstToken ?? tokens.length]?.firstFrame === firstFrame;
    let to = from + 1;
    while (beginsHere(to)) to++;
    const together = groups.slice(from, to);
    const spoken = tokens[together.at(-1)?.lastToken ?? 0]?.endFrame ?? firstFrame;
    const next = tokens[groups[to]?.firstToken ?? tokens.length]?.firstFrame ?? spoken;
    const times = distributeWords(
      together.map(({ text }) => text),
      Math.round(firstFrame * frameSamples),
      Math.min(samples, Math.round(Math.min(spoken, next) * frameSamples)),
    );
    for (const [at, { text, confidence }] of together.entries()) {
      const time = times[at] ?? { startSample: 0, endSample: samples };
      // a mark that stood alone has come to its word with the space between
      words.push({ text: text.replace(/(?<=\p{P}) +| +(?=\p{P})/gu, ''), ...time, confidence });
    }
    from = to;
  }
  return words;
}

/**
 * Factors by which encoders have fewer frames than features, the usual one first: several fit a
 * short segment.
 */
const SUBSAMPLINGS = [8, 4, 16, 2, 1];

/**
 * Frames of features for each frame of the encoder. NeMo's encoders take every 2nd frame several
 * times over, and each time the first one is taken.
 */
export function subsamplingOf(featureFrames: number, encoderFrames: number): number {
  const usual = SUBSAMPLINGS.find((by) => Math.ceil(featureFrames / by) === encoderFrames);
  return usual ?? featureFrames / Math.max(1, encoderFrames);
}
