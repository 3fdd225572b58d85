const encoder = new TextEncoder();

/** The letter that a byte-level vocabulary has for each byte, as GPT-2's `bytes_to_unicode` says. */
const LETTERS = Array.from({ length: 256 }, (_, byte) => {
  const isPlain = (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
  return isPlain ? String.fromCharCode(byte) : null;
});
let unnamed = 256;
for (const [byte, letter] of LETTERS.entries())
  LETTERS[byte] = letter ?? String.fromCharCode(unnamed++);

/** Bytes as a token of a byte-level vocabulary writes them. */
function byteLetters(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => LETTERS[byte]).join('');
}

/** `tokenizer.json` and the ids of its parts. */
export interface TestTokenizer {
  json: string;
  /** Id of a token by its text, spaces as spaces, or by its bytes. */
  id(text: string | readonly number[]): number;
  /** Ids of the single bytes of a text. */
  bytes(text: string): number[];
}

const SPECIAL = ['<|endoftext|>', '<|startoftranscript|>', '<|en|>', '<|notimestamps|>'];

/**
 * A vocabulary as Whisper's: single bytes, then these texts, then special tokens, and times that
 * are not marked as special.
 */
export function whisperTokenizer(texts: readonly (string | readonly number[])[]): TestTokenizer {
  const vocab: Record<string, number> = {};
  const add = (token: string) => {
    vocab[token] ??= Object.keys(vocab).length;
    return vocab[token];
  };
  for (let byte = 0; byte < 256; byte++) add(byteLetters([byte]));
  for (const text of texts)
    add(byteLetters(typeof text === 'string' ? encoder.encode(text) : text));
  const size = Object.keys(vocab).length;
  const added = [...SPECIAL, '<|0.00|>', '<|0.02|>'].map((content, at) => ({
    id: size + at,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: at < SPECIAL.length,
  }));
  const json = JSON.stringify({
    version: '1.0',
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false },
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', unk_token: null, vocab, merges: ['a b'] },
  });
  return {
    json,
    id: (text) =>
      added.find(({ content }) => content === text)?.id ??
      vocab[byteLetters(typeof text === 'string' ? encoder.encode(text) : text)] ??
      -1,
    bytes: (text) => Array.from(encoder.encode(text), (byte) => vocab[byteLetters([byte])] ?? -1),
  };
}

/** A vocabulary as Moonshine's: pieces with `▁` for a space, and `<0x0A>` for single bytes. */
export function moonshineTokenizer(texts: readonly string[]): TestTokenizer {
  const byteToken = (byte: number) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
  const tokens = ['<unk>', '<s>', '</s>'];
  for (let byte = 0; byte < 256; byte++) tokens.push(byteToken(byte));
  for (const text of texts) tokens.push(text.replaceAll(' ', '▁'));
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const json = JSON.stringify({
    version: '1.0',
    added_tokens: tokens.slice(0, 3).map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    model: { type: 'BPE', unk_token: '<unk>', byte_fallback: true, vocab, merges: [] },
  });
  return {
    json,
    id: (text) => (typeof text === 'string' ? (vocab[text.replaceAll(' ', '▁')] ?? -1) : -1),
    bytes: (text) => Array.from(encoder.encode(text), (byte) => vocab[byteToken(byte)] ?? -1),
  };
}
