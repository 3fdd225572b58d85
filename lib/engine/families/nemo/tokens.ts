import { z } from 'zod';
import { AppError } from '@/lib/core';
import type { RecognisedWord } from '@/lib/engine';
import { distributeWords } from '@/lib/engine/alignment';
import { groupWords, type TextTokenizer } from '@/lib/engine/words';

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

/** A token that a search found, and the encoder frames it stands for. */
export interface FoundToken {
  id: number;
  /** Its first frame, and the one after its last. */
  firstFrame: number;
  endFrame: number;
  /** Natural logarithm of the probability that the network gave it. */
  logProb: number;
}

/**
 * Puts tokens together to words with times. Words are in order and do not overlap, each has
 * start < end inside [0, samples]; words that begin in the same frame share the time up to the next.
 * The confidence is the mean of the tokens' probabilities.
 * @param tokens in order of time
 * @param frameSamples samples from one encoder frame to the next; the first begins at 0
 * @param samples length of the segment
 */
export function wordsOf(
  tokens: readonly FoundToken[],
  tokenizer: TextTokenizer,
  frameSamples: number,
  samples: number,
): RecognisedWord[] {
  const groups = groupWords(
    tokens.map(({ id }) => id),
    tokens.map(({ logProb }) => logProb),
    tokenizer,
  );
  const words: RecognisedWord[] = [];
  for (let from = 0; from < groups.length; ) {
    const firstFrame = tokens[groups[from]?.firstToken ?? 0]?.firstFrame ?? 0;
    const beginsHere = (at: number) =>
      tokens[groups[at]?.firstToken ?? tokens.length]?.firstFrame === firstFrame;
    let to = from + 1;
    while (beginsHere(to)) to++;
    const together = groups.slice(from, to);
    const spoken = tokens[together.at(-1)?.lastToken ?? 0]?.endFrame ?? firstFrame;
    const next = tokens[groups[to]?.firstToken ?? tokens.length]?.firstFrame ?? spoken;
    const times = distributeWords(
      together.map(({ text }) => text),
      Math.round(firstFrame * frameSamples),
      Math.min(samples, Math.round(Math.min(spoken, next) * frameSamples)),
    );
    for (const [at, { text, confidence }] of together.entries()) {
      const time = times[at] ?? { startSample: 0, endSample: samples };
      // a mark that stood alone has come to its word with the space between
      words.push({ text: text.replace(/(?<=\p{P}) +| +(?=\p{P})/gu, ''), ...time, confidence });
    }
    from = to;
  }
  return words;
}

/**
 * Factors by which encoders have fewer frames than features, the usual one first: several fit a
 * short segment.
 */
const SUBSAMPLINGS = [8, 4, 16, 2, 1];

/**
 * Frames of features for each frame of the encoder. NeMo's encoders take every 2nd frame several
 * times over, and each time the first one is taken.
 */
export function subsamplingOf(featureFrames: number, encoderFrames: number): number {
  const usual = SUBSAMPLINGS.find((by) => Math.ceil(featureFrames / by) === encoderFrames);
  return usual ?? featureFrames / Math.max(1, encoderFrames);
}
