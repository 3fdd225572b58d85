import { VOCABULARY_LIMITS } from '@/lib/engine';

/** Why a line is left out. */
export type VocabularyProblem = 'too-long' | 'too-many-words' | 'no-letters' | 'too-many-entries';

/** A line of a list that cannot be used. */
export interface RefusedLine {
  /** From 1. */
  line: number;
  text: string;
  problem: VocabularyProblem;
}

/** A list as typed or pasted, taken apart. */
export interface ParsedVocabulary {
  /** What can be used, in the order written, each once. */
  entries: string[];
  refused: RefusedLine[];
}

/**
 * Reads a list of names and terms: one a line, or parted by commas, semicolons or tabs as tables
 * are copied. Bullets, quotes and needless spaces go, empty entries too; of entries that differ in
 * capitals alone the first one stays.
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
