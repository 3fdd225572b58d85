import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { AppError } from '@/lib/core';

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

/** How a vocabulary writes bytes: a letter for each (GPT-2), or `<0x0A>` where no token fits. */
type ByteForm = 'byte-level' | 'byte-fallback';

/** A part of a token that is kept or left out as a whole; `byte` is `null` for plain text. */
interface Unit {
  token: number;
  text: string;
  byte: number | null;
}

const FALLBACK_BYTE = /^<0x([0-9A-F]{2})>$/i;

/** Bytes that GPT-2's vocabulary writes as the Latin-1 character of the same number. */
const PLAIN_RANGES = [
  [33, 126],
  [161, 172],
  [174, 255],
] as const;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Leaves out of tokens those bytes that make no character: a decoder would write U+FFFD for them,
 * though the model meant none. A U+FFFD that the model wrote has bytes of its own and stays.
 * @param isLiteral true for tokens that are text as they stand
 * @returns tokens without those bytes; empty ones are left out
 */
function withoutBrokenCharacters(
  tokens: readonly string[],
  form: ByteForm,
  isLiteral: (token: string) => boolean,
): string[] {
  const units = tokens.flatMap((text, token): Unit[] => {
    if (isLiteral(text)) return [{ token, text, byte: null }];
    if (form === 'byte-level')
      return Array.from(text, (letter) => ({
        token,
        text: letter,
        byte: BYTE_OF.get(letter) ?? null,
      }));
    const hex = FALLBACK_BYTE.exec(text)?.[1];
    return [{ token, text, byte: hex === undefined ? null : Number.parseInt(hex, 16) }];
  });
  const kept = tokens.map(() => '');
  for (let at = 0; at < units.length; ) {
    const length = soundLength(units, at);
    for (const { token, text } of units.slice(at, at + length)) kept[token] += text;
    at += Math.max(1, length);
  }
  return kept.filter((text) => text !== '');
}

/** Units of the character that begins at `at`; 0 when its bytes make none. */
function soundLength(units: readonly Unit[], at: number): number {
  const lead = units[at]?.byte ?? null;
  if (lead === null) return 1;
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const bytes = Uint8Array.from(units.slice(at, at + length), ({ byte }) => byte ?? 0);
  const again = encoder.encode(utf8.decode(bytes));
  const isSound = bytes.length === length && again.every((byte, index) => byte === bytes[index]);
  return isSound && again.length === length ? length : 0;
}

/** The byte that each letter of a byte-level vocabulary stands for (Radford et al. 2019). */
const BYTE_OF = new Map<string, number>();
let unnamed = 256;
for (let byte = 0; byte < 256; byte++) {
  const isPlain = PLAIN_RANGES.some(([first, last]) => byte >= first && byte <= last);
  BYTE_OF.set(String.fromCharCode(isPlain ? byte : unnamed++), byte);
}
