/**
 * Byte-level BPE in the form of GPT-2 (Radford et al. 2019), as published tokenizers have it: the
 * first 256 tokens are the bytes, each written as one printable character.
 */

/** The character that stands for each byte: itself where it is printable, else one from U+0100 on. */
export function byteCharacters(): string[] {
  const printable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : next++),
  );
}

/** Text as the characters of its bytes. */
function spell(text: string, characters: string[]): string[] {
  return Array.from(new TextEncoder().encode(text), (byte) => characters[byte] ?? '');
}

/**
 * The pairs to merge, in order, so that each word ends up as one token; and the vocabulary: bytes
 * in the order of GPT-2 (printable ones first), then what the merges make.
 */
export function byteBpe(words: readonly string[]): {
  vocabulary: string[];
  merges: string[];
  /** Ids of the words given. */
  words: Set<number>;
} {
  const characters = byteCharacters();
  const vocabulary = [...characters].sort((a, b) => codePoint(a) - codePoint(b));
  const known = new Set(vocabulary);
  const merges: string[] = [];
  const ids = new Set<number>();
  for (const word of words) {
    let whole = '';
    for (const character of spell(word, characters)) {
      if (whole && !known.has(whole + character)) {
        merges.push(`${whole} ${character}`);
        vocabulary.push(whole + character);
        known.add(whole + character);
      }
      whole += character;
    }
    ids.add(vocabulary.indexOf(whole));
  }
  return { vocabulary, merges, words: ids };
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
