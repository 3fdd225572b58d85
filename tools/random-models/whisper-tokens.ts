import { WORDS } from './words';

/** The languages of Whisper's tokens, in their order; the last one since large-v3. */
const LANGUAGES =
  `en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr
bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo
so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su
yue`.split(/\s+/);

/** Times from 0 to 30 s in steps of 20 ms. */
const TIMES = 1501;

/** Tokens of the models as published, all but the special ones: multilingual, and English only. */
const PUBLISHED_TEXT = { multilingual: 50257, english: 50256 };

/** Every token of a Whisper vocabulary: text from 0, then the special ones in Whisper's order. */
export interface WhisperTokens {
  /** Byte-level text tokens, as written in `tokenizer.json`. */
  text: string[];
  merges: string[];
  /** Ids of whole words, each with the space before it. */
  words: Set<number>;
  /** Special tokens with `<|` and `|>`; the first one has the id `text.length`. */
  special: string[];
  size: number;
  id(special: string): number;
  end: number;
  start: number;
  noSpeech: number;
  noTimestamps: number;
  firstTime: number;
  /** `<|en|>` and so on. */
  languages: string[];
}

/** @param published as many tokens as the real models have; else as few as the words need */
export function whisperTokens(options: {
  multilingual: boolean;
  cantonese: boolean;
  published: boolean;
}): WhisperTokens {
  const languages = (options.cantonese ? LANGUAGES : LANGUAGES.slice(0, -1)).map(special);
  const { vocabulary: text, merges, words } = byteBpe(WORDS.map((word) => ` ${word}`));
  const wanted = PUBLISHED_TEXT[options.multilingual ? 'multilingual' : 'english'];
  if (options.published) while (text.length < wanted) text.push(`unused${text.length}`);
  const tasks = ['translate', 'transcribe', 'startoflm', 'startofprev', 'nospeech', 'notimestamps'];
  const times = Array.from({ length: TIMES }, (_, step) => special((step * 0.02).toFixed(2)));
  const all = [
    special('endoftext'),
    special('startoftranscript'),
    ...languages,
    ...tasks.map(special),
    ...times,
  ];
  const id = (token: string) => text.length + all.indexOf(special(token));
  return {
    text,
    merges,
    words,
    special: all,
    size: text.length + all.length,
    id,
    end: id('endoftext'),
    start: id('startoftranscript'),
    noSpeech: id('nospeech'),
    noTimestamps: id('notimestamps'),
    firstTime: id('0.00'),
    languages,
  };
}

function special(name: string): string {
  return `<|${name}|>`;
}

/** `tokenizer.json` of these tokens. */
export function whisperTokenizer(tokens: WhisperTokens): object {
  const { text, merges, special: all, id } = tokens;
  const template = (name: string) => ({ SpecialToken: { id: special(name), type_id: 0 } });
  const inTemplate = ['startoftranscript', 'notimestamps', 'endoftext'].map((name) => [
    special(name),
    { id: special(name), ids: [id(name)], tokens: [special(name)] },
  ]);
  const byteLevel = {
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: true,
  };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: all.map((content, index) => ({
      id: text.length + index,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      // times are no special tokens to tokenizers: they are not skipped with these
      special: text.length + index < tokens.firstTime,
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        template('startoftranscript'),
        template('notimestamps'),
        { Sequence: { id: 'A', type_id: 0 } },
        template('endoftext'),
      ],
      pair: [],
      special_tokens: Object.fromEntries(inTemplate),
    },
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(text.map((token, index) => [token, index])),
      merges,
    },
  };
}

/**
 * Byte-level BPE in the form of GPT-2 (Radford et al. 2019), as published tokenizers have it: the
 * first 256 tokens are the bytes, each written as one printable character.
 * @returns the pairs to merge, in order, so that each word ends up as one token; and the vocabulary: bytes
 * in the order of GPT-2 (printable ones first), then what the merges make.
 */
function byteBpe(words: readonly string[]): {
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

/** The character that stands for each byte: itself where it is printable, else one from U+0100 on. */
function byteCharacters(): string[] {
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

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
