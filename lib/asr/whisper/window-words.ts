import type { RecognisedWord } from '../recogniser';
import type { WordAligner } from '../words/align';
import { groupWords } from '../words/group';
import type { Window } from '../words/pack';
import type { WordTime } from '../words/spread';
import type { DecodeModel, WindowTokens } from './decode';
import { timedSpans } from './spans';
import { alignedTimes, boundedTimes, type WindowText } from './word-times';

/**
 * The words of a window's tokens, and the stretches of audio that its times put them in.
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

/**
 * Words with times, in samples of the window: those that the decoder's attention gave; else the
 * aligner's; else spread over what the model's own times leave open.
 * @param seen by attention; `null` when the model does not show it
 * @throws RECOGNISE_FAILED; fatal: GPU_DEVICE_LOST, OUT_OF_MEMORY
 */
export async function timedWords(
  text: WindowText,
  seen: readonly WordTime[] | null,
  aligner: Pick<WordAligner, 'align'> | null,
): Promise<RecognisedWord[]> {
  if (text.words.length === 0) return [];
  const found = seen ?? (aligner && (await alignedTimes(aligner, text)));
  return boundedTimes(text, found).map((time, at) => ({
    text: text.words[at]?.text ?? '',
    confidence: text.words[at]?.confidence ?? 0,
    ...time,
  }));
}
