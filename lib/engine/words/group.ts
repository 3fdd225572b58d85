import { isUnspaced, needsSpace } from '@/lib/core';
import type { TextTokenizer } from './tokenizer';

/** A word of a model's text, and the tokens that it is made of. */
export interface WordTokens {
  /** With the punctuation that belongs to it, without spaces around. */
  text: string;
  /** Indices among the tokens, both inclusive. */
  firstToken: number;
  lastToken: number;
  /** Mean probability of its tokens, 0 to 1. */
  confidence: number;
}

/** Tokens that make whole characters together, and what they add to the text. */
interface Piece {
  text: string;
  firstToken: number;
  lastToken: number;
}

/** Marks that belong to the word after them, and to the one before, when they stand alone. */
const BEFORE_WORD = /^["'“¿([{-]+$/;
const AFTER_WORD = /^["'.。,，!！?？:：”)\]}、]+$/;

/** Characters of text without spaces that are shown, and timed, in one piece at most. */
const MAX_CHARACTERS = 12;

const OPENING = /[\p{Ps}\p{Pi}]$/u;
const PUNCTUATION_END = /\p{P}$/u;
const PUNCTUATION_START = /^\p{P}/u;
/** Never begins a chunk: closing punctuation, and vowels and tones written onto a letter. */
const CONTINUES = /^[\p{P}\p{M}]/u;
const OPENING_START = /^[\p{Ps}\p{Pi}]/u;

/**
 * Puts tokens together to words: what stands between spaces. A mark that stands alone goes to the
 * word it belongs to, as in `merge_punctuations` of Whisper's `timing.py`. Text of scripts without
 * spaces is cut after punctuation, and where a piece would become longer than 12 characters.
 * Special tokens belong to no word, and end one.
 *
 * The texts in order, joined (`joinWords`), are the decoded text between special tokens, but for
 * spaces at punctuation: a space between letters of such scripts stays inside a word. No two words
 * share a token.
 * @param logProbs natural logarithms, one for each token; further ones are ignored
 */
export function groupWords(
  tokens: readonly number[],
  logProbs: readonly number[],
  tokenizer: TextTokenizer,
): WordTokens[] {
  const words: WordTokens[] = [];
  let from = 0;
  for (let at = 0; at <= tokens.length; at++) {
    const token = tokens[at];
    if (token !== undefined && !tokenizer.isSpecial(token)) continue;
    const pieces = piecesOf(tokens, from, at, tokenizer);
    for (const group of joinMarks(splitAtSpaces(pieces)).flatMap(cutUnspaced))
      words.push(wordOf(group, logProbs));
    from = at + 1;
  }
  return words.filter(({ text }) => text !== '');
}

/**
 * The text that each token adds, tokens that share a character taken together. A token is decoded
 * after the piece before it, because some decoders take away the space that a text begins with.
 */
function piecesOf(
  tokens: readonly number[],
  from: number,
  to: number,
  tokenizer: TextTokenizer,
): Piece[] {
  const pieces: Piece[] = [];
  let before: readonly number[] = [];
  let firstToken = from;
  for (let at = from; at < to; at++) {
    const own = tokens.slice(firstToken, at + 1);
    const known = before.length === 0 ? '' : tokenizer.decode(before);
    const text = tokenizer.decode([...before, ...own]).slice(known.length);
    // nothing yet: a part of a character, or a token without text, which goes with the next
    if (text === '' && at + 1 < to) continue;
    pieces.push({ text, firstToken, lastToken: at });
    before = own;
    firstToken = at + 1;
  }
  return pieces;
}

function splitAtSpaces(pieces: readonly Piece[]): Piece[][] {
  const groups: Piece[][] = [];
  let text = '';
  for (const [at, piece] of pieces.entries()) {
    const begins = (/^\s/.test(piece.text) || /\s$/.test(text)) && isSeam(text, pieces, at);
    if (groups.length === 0 || begins) {
      groups.push([]);
      text = '';
    }
    groups.at(-1)?.push(piece);
    text += piece.text;
  }
  return groups;
}

/** Joins groups that are marks alone to the word after them, or to the one before. */
function joinMarks(groups: readonly Piece[][]): Piece[][] {
  const joined: Piece[][] = [];
  let waiting: Piece[] = [];
  for (const group of groups) {
    const text = textOf(group);
    const before = joined.at(-1);
    if (BEFORE_WORD.test(text)) waiting.push(...group);
    else if (AFTER_WORD.test(text) && before && waiting.length === 0) before.push(...group);
    else {
      joined.push([...waiting, ...group]);
      waiting = [];
    }
  }
  const last = joined.at(-1);
  if (last) last.push(...waiting);
  else if (waiting.length > 0) joined.push(waiting);
  return joined;
}

function cutUnspaced(group: Piece[]): Piece[][] {
  const chunks: Piece[][] = [];
  let text = '';
  for (const [at, piece] of group.entries()) {
    if (chunks.length === 0 || (isCut(text, piece.text) && isSeam(text, group, at))) {
      chunks.push([]);
      text = '';
    }
    chunks.at(-1)?.push(piece);
    text += piece.text;
  }
  return chunks;
}

/**
 * Whether a word may end between a text and the piece that comes: words joined again have a space
 * there when the model wrote one. Spaces at punctuation may go.
 */
function isSeam(text: string, pieces: readonly Piece[], at: number): boolean {
  let next = '';
  for (let i = at; i < pieces.length && next.trim() === ''; i++) next += pieces[i]?.text ?? '';
  const before = text.trimEnd();
  const after = next.trimStart();
  if (before.trim() === '' || after === '') return false;
  const isSpaced = before !== text || after !== next;
  if (isSpaced === needsSpace(before, after)) return true;
  return isSpaced && (PUNCTUATION_END.test(before) || PUNCTUATION_START.test(after));
}

/** Whether a chunk ends between what it has so far and what comes. */
function isCut(text: string, next: string): boolean {
  const isEither = isUnspaced(Array.from(text).at(-1) ?? '') || isUnspaced(next);
  if (PUNCTUATION_END.test(text) && !OPENING.test(text))
    return isUnspaced(text) && (!CONTINUES.test(next) || OPENING_START.test(next));
  if (!isEither || (CONTINUES.test(next) && !OPENING_START.test(next))) return false;
  return Array.from(text + next).length > MAX_CHARACTERS;
}

function wordOf(pieces: readonly Piece[], logProbs: readonly number[]): WordTokens {
  const firstToken = pieces[0]?.firstToken ?? 0;
  const lastToken = pieces.at(-1)?.lastToken ?? firstToken;
  let sum = 0;
  for (let at = firstToken; at <= lastToken; at++) sum += Math.exp(logProbs[at] ?? -Infinity);
  const confidence = Math.min(1, sum / (lastToken - firstToken + 1));
  return { text: textOf(pieces), firstToken, lastToken, confidence };
}

function textOf(pieces: readonly Piece[]): string {
  return pieces
    .map(({ text }) => text)
    .join('')
    .trim();
}
