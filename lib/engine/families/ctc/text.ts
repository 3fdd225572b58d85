/** Word forms that English writes with a capital wherever they stand. */
const CAPITAL_I = /^i(?:'(?:m|d|ll|ve|d've|ll've))?$/;

/**
 * English words in the case they are written in: as the language model or the user writes them, but
 * for the pronoun "I", and a capital where a sentence begins. A word with a capital of its own
 * ("iPhone") keeps its form there too. The network does not output punctuation, so none is invented.
 * @param startsSentence the words follow a pause, or are the first
 */
export function sentenceCase(words: readonly string[], startsSentence: boolean): string[] {
  return words.map((word, index) =>
    (index === 0 && startsSentence && !/\p{Lu}/u.test(word)) || CAPITAL_I.test(word)
      ? capitalise(word)
      : word,
  );
}

/** Makes the first letter a capital, also behind an apostrophe: `'twas` → `'Twas`. */
function capitalise(word: string): string {
  return word.replace(/\p{L}/u, (letter) => letter.toUpperCase());
}
