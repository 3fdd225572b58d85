import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { AppError } from '@/lib/core';
import { type ByteForm, withoutBrokenCharacters } from './broken-characters';

/** Times (`<|0.00|>`) and whatever else Whisper adds; newer files do not mark times as special. */
const CONTROL_TOKEN = /^<\|.*\|>$/;

const REPLACEMENT = '\uFFFD';

/** What of a `tokenizer.json` is read here; the library reads the rest. */
const tokenizerSchema = z.looseObject({
  model: z.looseObject({
    vocab: z.union([z.record(z.string(), z.number()), z.array(z.unknown())]),
  }),
  added_tokens: z
    .array(z.looseObject({ id: z.number(), content: z.string(), special: z.boolean().optional() }))
    .default([]),
  normalizer: z.unknown().default(null),
  pre_tokenizer: z.unknown().default(null),
  post_processor: z.unknown().default(null),
  decoder: z.unknown().default(null),
});

/** Turns a model's token ids into text. */
export interface TextTokenizer {
  /**
   * The text of tokens, just as the model wrote it: with the space that most words begin with.
   * Special tokens and ids that the vocabulary lacks are left out; so are bytes that make no
   * character, such as those of one that was not finished.
   * @param options.keepSpecial writes special tokens out, as `<|en|>`
   */
  decode(ids: readonly number[], options?: { keepSpecial?: boolean }): string;
  /** `null` when there is no such token. */
  idOf(token: string): number | null;
  /** True for tokens that are not text: language, task, time, padding, and ids out of range. */
  isSpecial(id: number): boolean;
}

/** Turns text into tokens too. */
export interface WritingTokenizer extends TextTokenizer {
  /**
   * The tokens that the model would write a text in, without special ones. The first call is slow: the
   * tokenizer is read again, with what only this needs.
   */
  encode(text: string): number[];
}

interface Parsed {
  tokenizer: Tokenizer;
  specialIds: ReadonlySet<number>;
  /** Tokens that stand for themselves, whatever bytes others stand for. */
  literal: ReadonlySet<string>;
  /** `null`: no token stands for a byte. */
  byteForm: ByteForm | null;
}

/**
 * Reads a `tokenizer.json` of Hugging Face's tokenizers.
 * @throws MODEL_HASH_MISMATCH when the text is not a tokenizer
 */
export function openTokenizer(json: string): WritingTokenizer {
  const { tokenizer, specialIds, literal, byteForm } = parse(json);
  const isSpecial = (id: number) => specialIds.has(id) || tokenizer.id_to_token(id) === undefined;
  let writer: Tokenizer | null = null;
  const toText = (tokens: string[]) => tokenizer.decoder?.decode(tokens) ?? tokens.join(' ');
  return {
    decode(ids, { keepSpecial = false } = {}) {
      const tokens = ids.flatMap((id) => {
        const token = keepSpecial || !isSpecial(id) ? tokenizer.id_to_token(id) : undefined;
        return token === undefined ? [] : [token];
      });
      const text = tokens.length === 0 ? '' : toText(tokens);
      if (!byteForm || !text.includes(REPLACEMENT)) return text;
      const sound = withoutBrokenCharacters(tokens, byteForm, (token) => literal.has(token));
      return sound.length === 0 ? '' : toText(sound);
    },
    encode(text) {
      writer ??= parse(json, { merges: true }).tokenizer;
      return writer.encode(text, { add_special_tokens: false }).ids;
    },
    idOf: (token) => tokenizer.token_to_id(token) ?? null,
    isSpecial,
  };
}

function parse(json: string, { merges = false } = {}): Parsed {
  try {
    const file = tokenizerSchema.parse(JSON.parse(json));
    // only needed to tokenise text, and the largest part by far
    if (!merges && 'merges' in file.model) file.model.merges = [];
    const special = file.added_tokens.filter(
      ({ special, content }) => special || CONTROL_TOKEN.test(content),
    );
    return {
      tokenizer: new Tokenizer(file, {}),
      specialIds: new Set(special.map(({ id }) => id)),
      literal: new Set(file.added_tokens.map(({ content }) => content)),
      byteForm: byteFormOf(JSON.stringify(file.decoder)),
    };
  } catch (cause) {
    throw new AppError('MODEL_HASH_MISMATCH', 'The file is not a tokenizer.', { cause });
  }
}

function byteFormOf(decoder: string): ByteForm | null {
  if (decoder.includes('"ByteLevel"')) return 'byte-level';
  return decoder.includes('"ByteFallback"') ? 'byte-fallback' : null;
}
