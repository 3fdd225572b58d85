/** Letters of made-up syllables: of several languages, as the multilingual model has them. */
const ONSETS = ['b', 'd', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'ž', 'д'];
const RHYMES = ['a', 'e', 'i', 'o', 'ün', 'ar'];

/** Punctuation, alone and with a space before it, and what Parakeet v3 has besides text. */
const MARKS = ['.', ',', '?', "'s", '▁-', '▁,', '<|nospeech|>'];

/**
 * Pieces in the order of their ids: a small vocabulary in the form of NeMo's, with the blank last.
 * Every third syllable begins a word.
 */
export function nemoPieces(blank: string): string[] {
  const syllables = ONSETS.flatMap((onset) => RHYMES.map((rhyme) => onset + rhyme));
  const pieces = syllables.map((syllable, at) => (at % 3 === 0 ? `▁${syllable}` : syllable));
  return ['<unk>', '▁', ...MARKS, ...pieces, blank];
}

/** `vocab.txt`, `tokens.txt`: a piece and its id on each line. */
export function tokenLines(pieces: readonly string[]): string {
  return pieces.map((piece, id) => `${piece} ${id}\n`).join('');
}

/** `tokenizer.json` that collapses and joins the tokens of a CTC search. */
export function tokenizerJson(pieces: readonly string[]) {
  const blank = pieces.length - 1;
  const added = (id: number, special: boolean) => ({
    id,
    content: pieces[id],
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special,
  });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    // the decoder has to see blanks: only they keep two of the same token apart
    added_tokens: [added(0, true), added(blank, false)],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: 'CTC', pad_token: pieces[blank], word_delimiter_token: '▁', cleanup: true },
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(pieces.slice(0, blank).map((piece, id) => [piece, id])),
      merges: [],
      unk_token: '<unk>',
    },
  };
}
