import { VOCABULARY_LIMITS } from '@/lib/engine';

/** Why a line is rejected. */
export type VocabularyProblem = 'too-long' | 'too-many-words' | 'no-letters' | 'too-many-entries';

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
 * copied tables). Bullets, quotes, extra spaces and empty entries are dropped; of entries that differ
 * only in case the first is kept.
 */
export function parseVocabulary(text: string): ParsedVocabulary {
  const entries = new Map<string, string>();
  const refused: RefusedLine[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries())
    for (const piece of line.split(/[,;\t]/)) {
      const entry = tidy(piece);
      const name = entry.toLowerCase();
      if (entry === '' || entries.has(name)) continue;
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
  // the recogniser compares words by their plain letters: é counts as e
  if (!/[a-z]/i.test(entry.normalize('NFKD'))) return 'no-letters';
  if (entry.length > VOCABULARY_LIMITS.characters) return 'too-long';
  if (entry.split(' ').length > VOCABULARY_LIMITS.words) return 'too-many-words';
  return entriesBefore >= VOCABULARY_LIMITS.entries ? 'too-many-entries' : null;
}
