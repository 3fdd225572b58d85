import type { DecoderBatch } from '../seq2seq/decoder';
import type { WordAligner } from '../words/align';
import { tokenTimes } from '../words/cross-attention';
import type { WordTokens } from '../words/group';
import type { Window } from '../words/pack';
import { spreadWords, type WordTime } from '../words/spread';
import type { WhisperConfig } from './config';
import { STEP_SAMPLES, type TimedSpan } from './spans';

/** One window's text, and where it came from. */
export interface WindowText {
  window: Window;
  pcm: Float32Array;
  /** Times among them. */
  tokens: readonly number[];
  words: readonly WordTokens[];
  /** Every word's first token lies in one. */
  spans: readonly TimedSpan[];
  /** Of text without times, for the pass that gives the attention. */
  plainPrompt: readonly number[];
}

/**
 * When the words of a window were said, by where the decoder looked for them.
 * @returns one for each word, in samples of the window; `null` when the model does not show it
 */
export async function attentionTimes(
  batch: Pick<DecoderBatch, 'crossAttention'>,
  row: number,
  { pcm, tokens, words, plainPrompt }: WindowText,
  { alignmentHeads, endId }: Pick<WhisperConfig, 'alignmentHeads' | 'endId'>,
): Promise<WordTime[] | null> {
  if (!alignmentHeads || words.length === 0) return null;
  const text: number[] = [];
  const placeOf = tokens.map((token) => (token < endId ? text.push(token) - 1 : -1));
  const sequence = [...plainPrompt, ...text];
  const weights = await batch.crossAttention(row, sequence, alignmentHeads);
  const frames = (weights?.[0]?.length ?? 0) / sequence.length;
  if (!weights || frames === 0) return null;
  const times = tokenTimes(weights, sequence.length, frames, {
    usedFrames: Math.max(1, Math.ceil(pcm.length / STEP_SAMPLES)),
    skippedTokens: plainPrompt.length - 1,
  });
  return words.map(({ firstToken, lastToken }) => ({
    startSample: (times[placeOf[firstToken] ?? 0]?.startFrame ?? 0) * STEP_SAMPLES,
    endSample: (times[placeOf[lastToken] ?? 0]?.endFrame ?? 0) * STEP_SAMPLES,
  }));
}

/**
 * When the words of a window were said, by the model that comes with the app: it knows the sounds of
 * Latin letters.
 * @returns `null` for other scripts
 */
export async function alignedTimes(
  aligner: Pick<WordAligner, 'align'>,
  { pcm, words }: Pick<WindowText, 'pcm' | 'words'>,
): Promise<WordTime[] | null> {
  const texts = words.map(({ text }) => text);
  return isLatin(texts.join(' ')) ? aligner.align(pcm, texts) : null;
}

/** Most letters are Latin ones. */
function isLatin(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return letters > 0 && latin * 2 > letters;
}

/**
 * Brings word times into the spans that the model itself has put the words in. A span most of whose
 * words were found elsewhere, or for whose words nothing is known, has its words spread over it.
 * @param found one for each word, or `null` when nothing is known of any
 */
export function boundedTimes(
  { window, words, spans }: Pick<WindowText, 'window' | 'words' | 'spans'>,
  found: readonly WordTime[] | null,
): WordTime[] {
  const times: WordTime[] = [];
  for (const { firstToken, lastToken, startSample, endSample } of spans) {
    const own = [...words.keys()].filter((at) => {
      const first = words[at]?.firstToken ?? -1;
      return first >= firstToken && first <= lastToken;
    });
    const known = own.flatMap((at) => found?.[at] ?? []);
    const outside = known.filter(
      (time) => time.endSample <= startSample || time.startSample >= endSample,
    );
    const placed =
      known.length === own.length && outside.length * 2 <= own.length
        ? known.map((time) => clip(time, startSample, endSample))
        : spreadOverSpeech(
            own.map((at) => words[at]?.text ?? ''),
            speechWithin(window, startSample, endSample),
          );
    for (const [place, at] of own.entries()) {
      const time = placed[place];
      if (time) times[at] = time;
    }
  }
  return times;
}

/** The part of a time in [from, to), one sample at its nearest end when there is none. */
function clip({ startSample, endSample }: WordTime, from: number, to: number): WordTime {
  const start = Math.min(Math.max(startSample, from), to - 1);
  return { startSample: start, endSample: Math.min(Math.max(endSample, start + 1), to) };
}

/** A stretch of a window. */
type Stretch = Readonly<WordTime>;

/** What of [from, to) is speech; all of it when nothing is. */
function speechWithin({ segments }: Window, startSample: number, endSample: number): Stretch[] {
  const speech = segments
    .map((slot) => ({
      startSample: Math.max(slot.startSample, startSample),
      endSample: Math.min(slot.endSample, endSample),
    }))
    .filter((stretch) => stretch.endSample > stretch.startSample);
  return speech.length > 0 ? speech : [{ startSample, endSample }];
}

/** Spreads words over stretches as if there were nothing between them. */
function spreadOverSpeech(texts: readonly string[], stretches: readonly Stretch[]): WordTime[] {
  const lengths = stretches.map(({ startSample, endSample }) => endSample - startSample);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  /** Where the n-th sample of speech lies in the window. */
  const placeOf = (sample: number): number => {
    let rest = sample;
    for (const [at, stretch] of stretches.entries()) {
      const length = lengths[at] ?? 0;
      if (rest < length || at === stretches.length - 1) return stretch.startSample + rest;
      rest -= length;
    }
    return sample;
  };
  return spreadWords(texts, 0, total).map(({ startSample, endSample }) => ({
    startSample: placeOf(startSample),
    endSample: placeOf(endSample - 1) + 1,
  }));
}
