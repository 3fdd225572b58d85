import { z } from 'zod';
import { AppError } from '@/lib/core';
import type { TextTokenizer } from '@/lib/engine/words';

/** The text pieces that a model's token ids stand for. */
export interface TokenList extends TextTokenizer {
  /** Id of "no token here". */
  readonly blank: number;
  /** Width of the network's token scores: pieces and blank. */
  readonly classes: number;
}

/** The space before a word, as SentencePiece writes it (U+2581). */
const WORD_START = '▁';

/** Marks of language, task or silence: they are not text. */
const SPECIAL = /^<.*>$/;

/** Names that published vocabularies give to the blank, the surest first. */
const BLANK_PIECES = ['<blk>', '<blank>', '<pad>'];

/** More ids than any model has: what is above is not a vocabulary. */
const MAX_ID = 1_000_000;

const id = z.number().int().min(0).max(MAX_ID);

/** What is needed of a `tokenizer.json`: BPE keeps ids by piece, Unigram keeps pieces in order. */
const tokenizerSchema = z.object({
  model: z.object({
    vocab: z.union([z.record(z.string(), id), z.array(z.tuple([z.string(), z.number()]))]),
  }),
  added_tokens: z.array(z.object({ id, content: z.string() })).default([]),
});

/**
 * Reads `vocab.txt` or `tokens.txt` (a piece and its id on each line) or `tokenizer.json`. Where no
 * piece is the blank, it has the id after the last one, as NeMo's decoders do.
 * @throws MODEL_UNSUPPORTED when the file is neither
 */
export function parseTokens(bytes: Uint8Array): TokenList {
  const text = new TextDecoder().decode(bytes);
  const pieces = text.trimStart().startsWith('{') ? tokenizerPieces(text) : listedPieces(text);
  if (pieces.length === 0) throw unsupported('it lists no tokens');
  const named = BLANK_PIECES.map((piece) => pieces.lastIndexOf(piece)).find((at) => at >= 0);
  const blank = named ?? pieces.length;
  const isSpecial = (at: number) => at === blank || SPECIAL.test(pieces[at] || '<>');
  return {
    blank,
    classes: Math.max(pieces.length, blank + 1),
    decode: (ids, { keepSpecial = false } = {}) =>
      ids
        .map((at) => (isSpecial(at) && !keepSpecial ? '' : (pieces[at] ?? '')))
        .join('')
        .replaceAll(WORD_START, ' '),
    idOf(piece) {
      const at = pieces.indexOf(piece);
      return at < 0 ? null : at;
    },
    isSpecial,
  };
}

function listedPieces(text: string): string[] {
  const entries = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line): [string, number] => {
      const [, piece, number] = /^(.*\S)\s+(\d+)\s*$/.exec(line) ?? [];
      if (piece === undefined) throw unsupported(`"${line.slice(0, 40)}" is no piece with its id`);
      return [piece, Number(number)];
    });
  return byId(entries);
}

function tokenizerPieces(text: string): string[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw unsupported('it is no valid JSON', error);
  }
  const parsed = tokenizerSchema.safeParse(json);
  if (!parsed.success) throw unsupported('it has no vocabulary', parsed.error);
  const { model, added_tokens } = parsed.data;
  const listed = Array.isArray(model.vocab)
    ? model.vocab.map(([piece], at): [string, number] => [piece, at])
    : Object.entries(model.vocab);
  return byId([...listed, ...added_tokens.map((t): [string, number] => [t.content, t.id])]);
}

function byId(entries: readonly [string, number][]): string[] {
  const pieces: string[] = [];
  for (const [piece, at] of entries) {
    if (at > MAX_ID) throw unsupported(`it has the id ${at}`);
    pieces[at] = piece;
  }
  // ids that no line names
  return Array.from(pieces, (piece) => piece ?? '');
}

function unsupported(reason: string, cause?: unknown): AppError {
  return new AppError('MODEL_UNSUPPORTED', `The model's token list cannot be read: ${reason}.`, {
    cause,
  });
}
