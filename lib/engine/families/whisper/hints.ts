import { wordsWithinLimits } from '@/lib/engine';
import type { HotScores } from '@/lib/engine/families/seq2seq';
import type { WritingTokenizer } from '@/lib/engine/words';
import type { WhisperConfig } from './config';
import { WHISPER_SECONDS } from './frames';

/** Chosen by names in dev-4 and speechocean-20 (docs/models.md). */
export const HOT_SCORES: HotScores = { bonus: 1.5, most: 5 };

/** Of a hint: each costs a part of a decoder's step for every window. Whisper itself would take 223. */
const MAX_TOKENS = 64;

/** What is needed of a model to prompt it with words. */
interface Listener {
  config: Pick<WhisperConfig, 'shortestWindow'>;
  tokenizer: Pick<WritingTokenizer, 'encode'>;
}

/**
 * The prompt of previous text for the decoder: the user's words in a row, from the first on, as
 * many as there is room for. It then writes them more readily, and as they are written there (Radford et
 * al. 2022, section 2.3; `initial_prompt` of the reference implementation). Models that were trained on
 * short windows were so on windows that stand alone: a prompt makes them lose sentences
 * (docs/models.md), and they get no prompt.
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
