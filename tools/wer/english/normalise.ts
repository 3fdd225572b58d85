import {
  CONTRACTED,
  EXPANSIONS,
  FILLERS,
  OUR_WORD,
  PARTICIPLES,
  SPELLINGS,
} from './normalise-words';
import { figures } from './numbers';

/**
 * English text as it is scored: lower case, no punctuation, no remarks in brackets and no fillers,
 * contractions and titles written out, numbers as figures, American spelling. Follows the rules of
 * the Whisper English normaliser (Radford et al. 2022, appendix C), so that figures can be compared
 * with published ones; both reference and hypothesis must go through it.
 */
export function normaliseEnglish(text: string): string {
  const bare = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[’‘ʼ`´]/g, "'")
    .replace(/<[^<>]*>|\[[^[\]]*\]|\([^()]*\)/g, ' ')
    .replace(/(\p{L})\s+'(?=(?:s|d|t|m|re|ll|ve)\b)/gu, "$1'")
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
    // signs of money and per cent stay with their figures
    .replace(/([$£€¢])\s+(?=\d)/g, '$1')
    .replace(/(\d)\s+%/g, '$1%')
    .replace(/\.(?!\d)/g, ' ')
    .replace(/[-‐-―](?=\D|$)/g, ' ')
    .replace(/(\D)-(?=\d)/g, '$1 ')
    .replace(/(\d)-(?=\d)/g, '$1 ')
    .replace(/[^\p{L}\p{N}'.%$£€¢\s]/gu, ' ');
  const words = bare.split(/\s+/).map(trimWord).filter(Boolean);
  const expanded = words.flatMap((word, i) => expand(word, words[i + 1])).filter(spoken);
  return figures(expanded).map(american).join(' ');
}

/** Takes away quotes, and signs that stand with no figure. */
function trimWord(word: string): string {
  const bare = EXPANSIONS.has(word) ? word : word.replace(/^'+|'+$/g, '');
  return bare
    .replace(/[$£€¢](?!\d)/g, '')
    .replace(/(?<!\d)[.%]+/g, '')
    .replace(/^\./, '');
}

function spoken(word: string): boolean {
  return word !== '' && !FILLERS.has(word);
}

/** Contractions and titles written out. */
function expand(word: string, next: string | undefined): string[] {
  const whole = EXPANSIONS.get(word);
  if (whole) return whole.split(' ');
  const participle = next !== undefined && PARTICIPLES.has(next);
  for (const [ending, full] of CONTRACTED)
    if (word.length > ending.length && word.endsWith(ending))
      return [...bareWord(word.slice(0, -ending.length)), full.trim()];
  if (word.length > 2 && word.endsWith("'s"))
    return [...bareWord(word.slice(0, -2)), participle ? 'has' : 'is'];
  if (word.length > 2 && word.endsWith("'d"))
    return [...bareWord(word.slice(0, -2)), participle ? 'had' : 'would'];
  return bareWord(word);
}

/** A word without apostrophes; figures that touch letters stay with them. */
function bareWord(word: string): string[] {
  return [word.replaceAll("'", '')];
}

function american(word: string): string {
  return SPELLINGS.get(word) ?? word.replace(OUR_WORD, '$1or$2');
}
