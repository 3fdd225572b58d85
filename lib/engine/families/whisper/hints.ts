import { wordsWithinLimits } from '@/lib/engine';
import type { HotScores } from '@/lib/engine/families/seq2seq';
import type { WritingTokenizer } from '@/lib/engine/words';
import type { WhisperConfig } from './config';
import { WHISPER_SECONDS } from './frames';

/** Chosen by names in dev-4 and speechocean-20 (docs/models.md). */
export const HOT_SCORES: HotScores = { bonus: 1.5, most: 5 };

/** Of a hint: each costs a part of a decoder's step for every window. Whisper itself would take 223. */
const MAX_TOKENS = 64;

/** What there is to know of a model, to tell it of words. */
interface Listener {
  config: Pick<WhisperConfig, 'shortestWindow'>;
  tokenizer: Pick<WritingTokenizer, 'encode'>;
}

/**
 * What the decoder is told to have been written before: the user's words in a row, from the first on, as
 * many as there is room for. It then writes them more readily, and as they are written there (Radford et
 * al. 2022, section 2.3; `initial_prompt` of the reference implementation). Models that were trained on
 * short windows were so on windows that stand alone: what they are told makes them lose sentences
 * (docs/models.md), and they are told nothing.
 */
export function hintOf(
  phrases: readonly string[],
  { config: { shortestWindow }, tokenizer: { encode } }: Listener,
): number[] {
  if (shortestWindow < WHISPER_SECONDS) return [];
  const hint: number[] = [];
  for (const phrase of wordsWithinLimits(phrases)) {
    const tokens = encode(` ${phrase},`);
    if (hint.length + tokens.length > MAX_TOKENS) break;
    hint.push(...tokens);
  }
  return hint;
}
