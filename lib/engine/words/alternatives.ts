import type { RecognisedWord } from '@/lib/engine';
import { UNSURE_BELOW } from '@/lib/transcript';
import { inCase, MARKED } from './vocabulary-case';

/**
 * Words with their alternatives, written as the words are: with their punctuation, and a capital where they
 * have one. A word that turned out to be sure has none.
 */
export function withAlternatives(words: readonly RecognisedWord[]): RecognisedWord[] {
  return words.map(({ alternatives, ...word }) => {
    if (!alternatives || word.confidence >= UNSURE_BELOW) return word;
    const [, , core = ''] = MARKED.exec(word.text) ?? [];
    const hasCapital = /^\p{Lu}/u.test(core);
    const forms = alternatives.map((other) =>
      inCase(word.text, hasCapital ? capitalised(other) : other),
    );
    const others = [...new Set(forms)].filter((form) => form !== word.text);
    return others.length > 0 ? { ...word, alternatives: others } : word;
  });
}

function capitalised(text: string): string {
  return text.replace(/^\p{L}/u, (letter) => letter.toUpperCase());
}
