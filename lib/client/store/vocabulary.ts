import { readEntry, VOCABULARY_LIMITS } from '@/lib/engine';

/** Why a line is rejected. */
export type VocabularyProblem =
  | 'too-long'
  | 'too-many-words'
  | 'no-letters'
  | 'sounds-like'
  | 'too-many-entries';

/** A line of a list that cannot be used. */
export interface RefusedLine {
  /** From 1. */
  line: number;
  text: string;
  problem: VocabularyProblem;
}

/** The entries of a list as typed or pasted. */
export interface ParsedVocabulary {
  /** Valid entries in the order written, without duplicates. */
  entries: string[];
  refused: RefusedLine[];
}

/**
 * Parses a list of names and terms: one per line, or separated by commas, semicolons or tabs (as in
 * copied tables). `Siobhan = shivawn` is one that sounds otherwise than it reads. Bullets, quotes, extra
 * spaces and empty entries are dropped; of entries that differ only in case or sound the first is kept.
 */
export function parseVocabulary(text: string): ParsedVocabulary {
  const entries = new Map<string, string>();
  const refused: RefusedLine[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries())
    for (const piece of line.split(/[,;\t]/)) {
      const [written = '', ...rest] = piece.split('=').map(tidy);
      const soundsLike = rest.join(' ').trim();
      const entry = soundsLike === '' ? written : `${written} = ${soundsLike}`;
      const name = written.toLowerCase();
      if (written === '' || entries.has(name)) continue;
      const problem = problemOf(entry, entries.size);
      if (problem) refused.push({ line: index + 1, text: entry, problem });
      else entries.set(name, entry);
    }
  return { entries: [...entries.values()], refused };
}

function tidy(piece: string): string {
  return piece
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[-–•*·] /, '')
    .replace(/^["“”„«]+|["“”«»]+$/g, '')
    .trim();
}

function problemOf(entry: string, entriesBefore: number): VocabularyProblem | null {
  const { written, soundsLike } = readEntry(entry);
  const [words, sounds] = [written.split(' '), soundsLike?.split(' ') ?? []];
  if (!hasLetters(written)) return 'no-letters';
  for (const text of [written, soundsLike ?? ''])
    if (text.length > VOCABULARY_LIMITS.characters) return 'too-long';
  for (const { length } of [words, sounds])
    if (length > VOCABULARY_LIMITS.words) return 'too-many-words';
  // one word may sound like several; of several each has its own
  const isPaired = words.length === 1 || words.length === sounds.length;
  if (soundsLike !== null && !(isPaired && sounds.every(hasLetters))) return 'sounds-like';
  return entriesBefore >= VOCABULARY_LIMITS.entries ? 'too-many-entries' : null;
}

/** The recogniser compares words by their plain letters: é counts as e. */
function hasLetters(text: string): boolean {
  return /[a-z]/i.test(text.normalize('NFKD'));
}

/** The entries as they are written, without what they sound like. */
export function writtenForms(entries: readonly string[]): string[] {
  return entries.map((entry) => readEntry(entry).written);
}
