import { formatCount } from '@/app/_features/ui';
import type { RefusedLine, VocabularyProblem } from '@/lib/client/store';
import { VOCABULARY_LIMITS } from '@/lib/engine';

const REASONS: Record<VocabularyProblem, string> = {
  'too-long': `has more than ${VOCABULARY_LIMITS.characters} characters`,
  'too-many-words': `has more than ${VOCABULARY_LIMITS.words} words`,
  'no-letters': 'has no letter from A to Z',
  'too-many-entries': `comes after the ${VOCABULARY_LIMITS.entries}th entry`,
};

/** Lines told one by one; what lies beyond is counted. */
const TOLD = 3;
/** An entry is shown up to here. */
const SHOWN_CHARACTERS = 30;

/** One sentence for each line that is left out, the first few of them, and how many more. */
export function refusedTexts(refused: readonly RefusedLine[]): string[] {
  const texts = refused
    .slice(0, TOLD)
    .map(({ line, text, problem }) => `Line ${line}, “${shortened(text)}”, ${REASONS[problem]}.`);
  const more = refused.length - texts.length;
  return more > 0 ? [...texts, `And ${formatCount(more, 'more line')}.`] : texts;
}

function shortened(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS).trimEnd()}…`;
}
