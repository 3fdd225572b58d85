import type { RefusedLine } from '@/lib/client/store';
import { VOCABULARY_LIMITS } from '@/lib/engine';
import { t } from './messages';

const LIMITS = {
  characters: VOCABULARY_LIMITS.characters,
  words: VOCABULARY_LIMITS.words,
  entries: VOCABULARY_LIMITS.entries,
};

/** Lines named one by one; the rest is counted. */
const TOLD = 3;
/** An entry is shown up to here. */
const SHOWN_CHARACTERS = 30;

/** One sentence for each line that is left out, the first few of them, and how many more. */
export function refusedTexts(refused: readonly RefusedLine[]): string[] {
  const texts = refused
    .slice(0, TOLD)
    .map(({ line, text, problem }) =>
      t(`refused.${problem}`, { line, text: shortened(text), ...LIMITS }),
    );
  const more = refused.length - texts.length;
  return more > 0 ? [...texts, t('moreLines', { count: more })] : texts;
}

function shortened(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS).trimEnd()}…`;
}
