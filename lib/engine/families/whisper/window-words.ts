import type { RecognisedWord } from '@/lib/engine';
import {
  type AlignedTime,
  knowsLanguage,
  type TimingAligner,
  type Window,
  type WordTime,
} from '@/lib/engine/alignment';
import { groupWords } from '@/lib/engine/words';
import type { DecodeModel, WindowTokens } from './decode';
import { timedSpans } from './spans';
import { alignedTimes, boundedTimes, type WindowText } from './word-times';

/**
 * The words of a window's tokens, and the spans of audio that its times put them in.
 * @param pcm the window's
 * @param plainPrompt asks for text without times
 */
export function windowText(
  window: Window,
  pcm: Float32Array,
  { tokens, logProbs }: WindowTokens,
  plainPrompt: readonly number[],
  { config, tokenizer }: Pick<DecodeModel, 'config' | 'tokenizer'>,
): WindowText {
  const words = groupWords(tokens, logProbs, tokenizer);
  const spans = timedSpans(tokens, config.firstTimeId, pcm.length);
  return { window, pcm, tokens, words, spans, plainPrompt };
}

/** Where a window's words may get their times from. */
export interface TimeSources {
  /** `null`: there is none, or it cannot be opened here. */
  aligner: TimingAligner | null;
  /** BCP 47 of the words as they were said; `null`: it is not known. */
  spoken: string | null;
  /** By the decoder's attention; `null` when the model does not show it. */
  attention(): Promise<WordTime[] | null>;
}

/**
 * Words with times, in samples of the window: the aligner's, where it knows the language; else those
 * that the decoder's attention gave; else the aligner's all the same; else spread over what the
 * model's own times leave open.
 * @throws RECOGNISE_FAILED; fatal: GPU_DEVICE_LOST, OUT_OF_MEMORY
 */
export async function timedWords(
  text: WindowText,
  { aligner, spoken, attention }: TimeSources,
): Promise<RecognisedWord[]> {
  if (text.words.length === 0) return [];
  const aligned = () => (aligner ? alignedTimes(aligner, text) : null);
  const isOwn = aligner !== null && knowsLanguage(aligner, spoken);
  const found: readonly AlignedTime[] | null = isOwn
    ? ((await aligned()) ?? (await attention()))
    : ((await attention()) ?? (await aligned()));
  return boundedTimes(text, found).map((time, at) => ({
    text: text.words[at]?.text ?? '',
    confidence: text.words[at]?.confidence ?? 0,
    ...time,
  }));
}
