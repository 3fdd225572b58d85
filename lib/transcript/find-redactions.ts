import { joinWords } from '@/lib/core';
import { findNumberRuns } from './number-runs';
import { findPhrases, type Phrase, phraseKey, phraseOf } from './phrases';
import type { Transcript } from './types';
import { wordsOf } from './words';

/** `added`: what the user typed. */
export type RedactionKind = 'speaker' | 'name' | 'number' | 'address' | 'added';

/** What may have to be taken out of a transcript: one name with its parts, or one number. */
export interface RedactionGroup {
  /** The same for the same words. */
  key: string;
  kind: RedactionKind;
  /** As it is written where it was found. */
  text: string;
  phrases: Phrase[];
  /** It is more probably a name than an ordinary word with a capital. */
  isLikely: boolean;
  /** Places in the text. */
  count: number;
  /** The first of them with words around it; `null`: it is not in the text. */
  context: { before: string; match: string; after: string } | null;
}

/** Languages that write ordinary nouns with a capital: there one such word alone says little. */
const NOUN_CAPITALS = new Set(['de', 'lb']);

/** Words around a place that are shown with it. */
const CONTEXT_WORDS = 5;

const SENTENCE_END = /[.?!…:。？！]["'’”»)\]]*$/u;
const PHRASE_END = /[.,;:?!…。、，？！)\]”»]$/u;
const CAPITAL = /^[\p{P}\p{S}]*\p{Lu}/u;
const EMAIL = /[^\s@]+@[^\s@]+\.\p{L}{2,}/u;
const URL_LIKE =
  /^[\p{P}\p{S}]*(?:https?:\/\/|www\.|[\p{L}\p{N}-]{2,}(?:\.[\p{L}\p{N}-]+)*\.\p{Ll}{2,}(?:\/|[\p{P}]*$))/u;

/** A name that the app gives: "Speaker 1". */
const NUMBERED = /^\p{L}+ \p{N}+$/u;

/** English "I", and the pronouns that are written as it is. */
const PRONOUN = /^["'“‘(]*I(?:['’]\p{L}+)?[.,;:?!)"'”’…]*$/u;

interface Candidate {
  text: string;
  kind: RedactionKind;
  phrase: Phrase;
  isLikely: boolean;
}

/** Collects candidates, each phrase once: the first kind that it was found as stays. */
class Candidates {
  private readonly byKey = new Map<string, Candidate>();

  add(text: string, kind: RedactionKind, isLikely: boolean, isCapitalised = false): void {
    const phrase = phraseOf(text, isCapitalised);
    if (!phrase) return;
    const key = phraseKey(phrase);
    const known = this.byKey.get(key);
    if (!known) this.byKey.set(key, { text: bare(text), kind, phrase, isLikely });
    else known.isLikely ||= isLikely;
  }

  list(): Candidate[] {
    return [...this.byKey.values()];
  }
}

/**
 * What may have to be taken out of a transcript: names of speakers, words of the custom vocabulary, words
 * with a capital where no sentence begins, numbers, e-mail and web addresses. A person must read what is left:
 * names without a capital, and scripts that have none, are found by the first two alone.
 */
export function findRedactions(
  { speakers, segments, language }: Transcript,
  vocabulary: readonly string[],
): RedactionGroup[] {
  const rows = segments.map((segment) => wordsOf(segment, segment.words).map(({ text }) => text));
  const candidates = new Candidates();
  for (const { name } of speakers)
    if (!NUMBERED.test(name.trim())) candidates.add(name, 'speaker', true);
  for (const entry of vocabulary) candidates.add(entry, 'name', true);
  for (const row of rows) {
    row.forEach((word, at) => {
      if (EMAIL.test(word) || URL_LIKE.test(word)) candidates.add(word, 'address', true);
      const spoken = spokenAddress(row, at);
      if (spoken) candidates.add(spoken, 'address', true);
    });
    for (const [from, to] of findNumberRuns(row, language))
      candidates.add(joinWords(row.slice(from, to + 1)), 'number', true);
  }
  addNames(rows, language, candidates);
  const groups = grouped(candidates.list());
  const found = withPlaces(groups, rows);
  // the vocabulary is of all transcripts: what is not in this one need not be shown
  return found.filter(({ count, kind }) => count > 0 || kind === 'speaker');
}

/** A group of what the user typed. @returns `null`: it has neither letters nor figures */
export function redactionOf({ segments }: Transcript, text: string): RedactionGroup | null {
  const phrase = phraseOf(text);
  if (!phrase) return null;
  const rows = segments.map((segment) => wordsOf(segment, segment.words).map((word) => word.text));
  const group = groupOf([{ text: text.trim(), kind: 'added', phrase, isLikely: true }]);
  return withPlaces([group], rows)[0] ?? null;
}

const bare = (text: string) => text.replace(/^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu, '') || text;

/** "anna at example dot com", as recognisers write it. */
function spokenAddress(row: readonly string[], at: number): string | null {
  if (!/^(?:dot|punkt)$/iu.test(row[at] ?? '') || !/^\p{L}{2,6}\P{L}*$/u.test(row[at + 1] ?? ''))
    return null;
  const isAt = /^(?:at|ät)$/iu.test(row[at - 2] ?? '');
  const from = isAt ? at - 3 : at - 1;
  return from < 0 ? null : joinWords(row.slice(from, at + 2));
}

function addNames(rows: readonly string[][], language: string, candidates: Candidates): void {
  const hasNounCapitals = NOUN_CAPITALS.has(language.split('-')[0]?.toLowerCase() ?? '');
  const { lower, inside } = countCases(rows);
  let before = '';
  for (const row of rows) {
    let run: { word: string; key: string; isStart: boolean }[] = [];
    const flush = () => {
      // "The Schmidt" is Schmidt; "Anna Schmidt" is both, where "anna" is no word of this text
      while (run[0]?.isStart && run.length > 1 && lower.has(run[0].key)) run.shift();
      const [first] = run;
      if (first) {
        const isSingle = run.length === 1;
        const isGuess = first.isStart && isSingle && !inside.has(first.key);
        // an ordinary word at the beginning of a sentence, as most are
        if (!(isGuess && lower.has(first.key)))
          candidates.add(
            joinWords(run.map(({ word }) => withoutPossessive(word))),
            'name',
            !isGuess && !(isSingle && hasNounCapitals),
            lower.has(first.key),
          );
      }
      run = [];
    };
    for (const word of row) {
      const isStart = before === '' || SENTENCE_END.test(before);
      const isName =
        CAPITAL.test(word) &&
        !PRONOUN.test(word) &&
        !/\p{N}/u.test(word) &&
        !EMAIL.test(word) &&
        !URL_LIKE.test(word);
      if (isStart || PHRASE_END.test(before) || !isName) flush();
      if (isName) run.push({ word, key: keyOf(word), isStart });
      before = word;
    }
    flush();
  }
}

/** "Anna's" is Anna. */
const withoutPossessive = (word: string) => word.replace(/['’]s?(?=\P{L}*$)/u, '');

const keyOf = (word: string) => phraseOf(withoutPossessive(word))?.pieces.join(' ') ?? '';

/** Words that are written without a capital somewhere, and with one where no sentence begins. */
function countCases(rows: readonly string[][]): { lower: Set<string>; inside: Set<string> } {
  const lower = new Set<string>();
  const inside = new Set<string>();
  let before = '';
  for (const word of rows.flat()) {
    const isStart = before === '' || SENTENCE_END.test(before);
    if (!CAPITAL.test(word)) lower.add(keyOf(word));
    else if (!isStart) inside.add(keyOf(word));
    before = word;
  }
  return { lower, inside };
}

function groupOf(members: readonly [Candidate, ...Candidate[]]): RedactionGroup {
  const [{ text, kind, phrase }] = members;
  return {
    key: phraseKey(phrase),
    kind,
    text,
    phrases: members.map((one) => one.phrase),
    isLikely: members.some(({ isLikely }) => isLikely),
    count: 0,
    context: null,
  };
}

/** Parts of one longer name alone go with it: "Schmidt" with "Anna Schmidt", if no other Schmidt is there. */
function grouped(candidates: readonly Candidate[]): RedactionGroup[] {
  const isName = ({ kind }: Candidate) => kind === 'name' || kind === 'speaker';
  const wholes = new Map<Candidate, Candidate[]>();
  const byPiece = new Map<string, Candidate[]>();
  for (const candidate of candidates.filter(isName))
    for (const piece of new Set(candidate.phrase.pieces))
      byPiece.set(piece, [...(byPiece.get(piece) ?? []), candidate]);
  for (const part of candidates.filter(isName)) {
    const key = ` ${phraseKey(part.phrase)} `;
    const longer = (byPiece.get(part.phrase.pieces[0] ?? '') ?? []).filter(
      (one) => one !== part && ` ${phraseKey(one.phrase)} `.includes(key),
    );
    wholes.set(part, longer);
  }
  const parts = new Map<Candidate, Candidate[]>();
  const own: Candidate[] = [];
  for (const candidate of candidates) {
    // the longest that all the others are parts of
    const longer = [...(wholes.get(candidate) ?? [])].sort(
      (a, b) => b.phrase.pieces.length - a.phrase.pieces.length,
    );
    const [whole] = longer;
    const isOne = whole && longer.every((one) => one === whole || wholes.get(one)?.includes(whole));
    if (whole && isOne && (wholes.get(whole) ?? []).length === 0)
      parts.set(whole, [...(parts.get(whole) ?? []), candidate]);
    else own.push(candidate);
  }
  return own.map((candidate) => groupOf([candidate, ...(parts.get(candidate) ?? [])]));
}

/** Groups with what one pass over the text finds of all of them. */
function withPlaces(
  groups: readonly RedactionGroup[],
  rows: readonly string[][],
): RedactionGroup[] {
  const owners = groups.flatMap(({ phrases }, at) => phrases.map(() => at));
  const words = rows.flat();
  const counted = groups.map((group) => ({ ...group }));
  const phrases = groups.flatMap((group) => group.phrases);
  for (const { from, to, phrase } of findPhrases(words, phrases)) {
    const group = counted[owners[phrase] ?? -1];
    if (!group) continue;
    group.count += 1;
    group.context ??= {
      before: joinWords(words.slice(Math.max(0, from - CONTEXT_WORDS), from)),
      match: joinWords(words.slice(from, to + 1)),
      after: joinWords(words.slice(to + 1, to + 1 + CONTEXT_WORDS)),
    };
  }
  return counted;
}
