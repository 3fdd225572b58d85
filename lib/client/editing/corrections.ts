import {
  getSetting,
  parseVocabulary,
  setSetting,
  type VocabularyProblem,
  writtenForms,
} from '@/lib/client/store';
import { alignTexts, type EditPatch, type Row } from '@/lib/transcript';

/** A row counts as corrected once nobody has typed for this long, in ms. */
const AFTER_MS = 4_000;
/** Corrections that are kept; the oldest are forgotten. */
const MOST_KEPT = 300;
/** A word is offered once it has been corrected this often. */
const OFFERED_AT = 2;
/** A longer run of words is a different sentence, not a name. */
const MOST_WORDS = 3;

/** Notices names and terms that the user corrects repeatedly. */
export interface CorrectionWatch {
  edited(patch: EditPatch): void;
  /** Counts the corrections that are still pending. */
  dispose(): void;
}

/** @param offer called with a name that was corrected twice and is not in the custom vocabulary */
export function watchCorrections(offer: (name: string) => void): CorrectionWatch {
  /** Rows before the user began to type in them, and as they are now. */
  const open = new Map<string, { before: Row; now: Row }>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const count = () => {
    clearTimeout(timer);
    const names = [...open.values()].flatMap(({ before, now }) => correctedNames(before, now));
    open.clear();
    if (names.length === 0) return;
    countCorrections(names).then(
      (offered) => {
        for (const name of offered) offer(name);
      },
      // the next correction of the name is counted
      (error: unknown) => console.warn('A correction was not counted', error),
    );
  };
  return {
    edited({ removed, added }) {
      const rows = new Map(removed.map((row) => [row.id, row]));
      for (const now of added) {
        const before = rows.get(now.id);
        if (before) open.set(now.id, { before: open.get(now.id)?.before ?? before, now });
      }
      clearTimeout(timer);
      timer = setTimeout(count, AFTER_MS);
    },
    dispose: count,
  };
}

/** The names and terms that have replaced other words in a row. */
export function correctedNames(before: Pick<Row, 'words'>, now: Pick<Row, 'words'>): string[] {
  const [old, texts] = [before.words.map(({ text }) => text), now.words.map(({ text }) => text)];
  return alignTexts(old, texts).flatMap(({ isSame, oldFrom, oldTo, newFrom, newTo }) => {
    const [from, to] = [old.slice(oldFrom, oldTo).map(bare), texts.slice(newFrom, newTo).map(bare)];
    if (isSame || from.length === 0 || to.length === 0 || to.length > MOST_WORDS) return [];
    const name = to.join(' ');
    // a mere change of case: the word now starts a sentence
    if (name.toLowerCase() === from.join(' ').toLowerCase()) return [];
    return isName(name) ? [name] : [];
  });
}

const bare = (word: string) => word.replace(/^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu, '');

/** Names have capitals and terms are long; a short common word is neither. */
function isName(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters >= 3 && (/\p{Lu}/u.test(text) || letters >= 8);
}

/** Counts names of all transcripts. @returns those to be offered now */
async function countCorrections(names: readonly string[]): Promise<string[]> {
  const [counts, vocabulary] = await Promise.all([
    getSetting('corrections'),
    getSetting('vocabulary'),
  ]);
  const known = new Set(writtenForms(vocabulary).map((entry) => entry.toLowerCase()));
  const next = new Map(Object.entries(counts));
  const offered = new Set<string>();
  for (const name of names) {
    const times = (next.get(name) ?? 0) + 1;
    next.delete(name);
    next.set(name, times);
    if (times === OFFERED_AT && !known.has(name.toLowerCase())) offered.add(name);
  }
  await setSetting('corrections', Object.fromEntries([...next].slice(-MOST_KEPT)));
  return [...offered];
}

/** Adds an entry to the custom vocabulary. @returns why it cannot be an entry; `null`: it is one now */
export async function addToVocabulary(name: string): Promise<VocabularyProblem | null> {
  const vocabulary = await getSetting('vocabulary');
  const { entries, refused } = parseVocabulary([...vocabulary, name].join('\n'));
  const refusal = refused.find(({ line }) => line > vocabulary.length);
  if (refusal) return refusal.problem;
  await setSetting('vocabulary', entries);
  return null;
}
