/** Word forms that English writes with a capital wherever they stand. */
const CAPITAL_I = /^i(?:'(?:m|d|ll|ve|d've|ll've))?$/;

/**
 * English words as the language model knows them (lower case) in the case they are written in.
 * The network hears no punctuation and no names, so nothing of either is invented: what is known
 * is the pronoun "I", and that a sentence begins with a capital.
 * @param startsSentence the words follow a pause, or are the first
 */
export function sentenceCase(words: readonly string[], startsSentence: boolean): string[] {
  return words.map((word, index) =>
    (index === 0 && startsSentence) || CAPITAL_I.test(word) ? capitalise(word) : word,
  );
}

/** Makes the first letter a capital, also behind an apostrophe: `'twas` → `'Twas`. */
function capitalise(word: string): string {
  return word.replace(/\p{L}/u, (letter) => letter.toUpperCase());
}
