import { memoizePromise } from '@/lib/core';
import { FUNCTION_WORDS, readEntry, VOCABULARY_LIMITS } from '@/lib/engine';
import { FIRST_WORD, type LanguageModel, spellingsOf, unitsOf } from './language-model';
import { LetterToSound } from './letter-to-sound';
import type { Lexicon, Spoken } from './lexicon';

/** In letters: what is longer is not spelt out. */
const LONGEST_ABBREVIATION = 6;

/** Ways to say an entry of several words that are kept. */
const MOST_WAYS = 6;

/** Word ids are below this, so that two of them fit into one exact number. */
const PAIR_FACTOR = 2 ** 20;

/** A word that the language model does not have. */
export interface AddedWord {
  /** As the user wrote it. */
  written: string;
  /** The units of each way to say it. */
  pronunciations: readonly ArrayLike<number>[];
}

/** The user's own vocabulary in terms of a model. */
export interface HotWords {
  /** The ids of each entry's words. */
  readonly entries: readonly (readonly number[])[];
  /** Words that the model does not have: their ids follow the model's, in this order. */
  readonly added: readonly AddedWord[];
  /** How to write words, where the user does it in another way than the model. */
  readonly written: ReadonlyMap<number, string>;
}

export const NO_HOT_WORDS: HotWords = { entries: [], added: [], written: new Map() };

/** Says how a word is spoken that the model does not have, given as the user writes it. */
export type Pronounce = (
  word: string,
) => readonly ArrayLike<number>[] | Promise<readonly ArrayLike<number>[]>;

/** Finds out what the user's phrases are to a model: which words it has, and how others sound. */
export class HotWordReader {
  private readonly idOf = new Map<string, number>();

  constructor(
    private readonly model: LanguageModel,
    private readonly pronounce: Pronounce = lazyPronounce(model),
  ) {
    for (let word = FIRST_WORD; word < model.words.length; word++)
      this.idOf.set((model.words[word] ?? '').toLowerCase(), word);
  }

  /**
   * Entries that are empty, too long, or beyond the last that fits are left out, and so are words that only resemble
   * one of the model: "4K" is not every "k", "IT" not every "it".
   */
  async read(phrases: readonly string[]): Promise<HotWords> {
    const entries: number[][] = [];
    const added: AddedWord[] = [];
    const addedId = new Map<string, number>();
    const written = new Map<number, string>();
    for (const { forms, isPhrase } of phrases
      .map(formsOf)
      .filter(isEntry)
      .slice(0, VOCABULARY_LIMITS.entries)) {
      const entry: number[] = [];
      for (const { form, soundsLike } of forms) {
        const plain = normalise(form);
        // a word that sounds otherwise than it reads is not the one that the model has
        const key = soundsLike.length > 0 ? `${plain}=${soundsLike.join(' ')}` : plain;
        const known = this.idOf.get(key);
        const isAlone = forms.length === 1 && FUNCTION_WORDS.has(plain);
        if (known !== undefined && (isAlone || OTHER_SIGN.test(form))) continue;
        let word = known ?? addedId.get(key);
        if (word === undefined) {
          word = this.model.words.length + added.length;
          addedId.set(key, word);
          const pronunciations =
            soundsLike.length > 0 ? await this.soundsOf(soundsLike) : await this.sayings(form);
          added.push({ written: form, pronunciations });
        }
        // "The Hague" does not make every "the" a "The": capitals of phrases come later, where the whole phrase stands
        const isOwn = !isPhrase || known === undefined || !isSameWord(form, this.model.words[word]);
        // the first way to write a word counts
        if (isOwn && !written.has(word) && this.model.words[word] !== form) written.set(word, form);
        entry.push(word);
      }
      if (entry.length > 0) entries.push(entry);
    }
    return { entries, added, written };
  }

  /** Ways to say words one after the other, as the model has them, else as they read. */
  private async soundsOf(words: readonly string[]): Promise<ArrayLike<number>[]> {
    let ways: number[][] = [[]];
    for (const word of words) {
      const listed = this.model.pronunciations[this.idOf.get(normalise(word)) ?? -1] ?? [];
      const own = listed.length > 0 ? listed.map(unitsOf) : await this.sayings(word);
      ways = ways
        .flatMap((units) => own.map((more) => [...units, ...Array.from(more)]))
        .slice(0, MOST_WAYS);
    }
    return ways;
  }

  /** Ways to say a new word: as it reads, and letter by letter where it may be an abbreviation. */
  private async sayings(form: string): Promise<ArrayLike<number>[]> {
    const read = await this.pronounce(form);
    const letters = normalise(form).replaceAll("'", '');
    if (!isAbbreviation(form, letters)) return [...read];
    const names = Array.from(letters, (letter) => this.letterName(letter));
    return names.some((name) => name.length === 0) ? [...read] : [...read, names.flat()];
  }

  /** The units of a letter's name; the article "a" is listed before the letter. */
  private letterName(letter: string): number[] {
    const pronunciations = this.model.pronunciations[this.idOf.get(letter) ?? -1] ?? [];
    return Array.from(unitsOf(pronunciations.at(-1) ?? ''));
  }
}

function isAbbreviation(form: string, letters: string): boolean {
  const isCapital = form === form.toUpperCase() && letters.length > 1;
  return letters.length <= LONGEST_ABBREVIATION && (isCapital || !/[aeiouy]/.test(letters));
}

/** Letter to sound, learnt from the model's own words when the first word is asked for. */
function lazyPronounce(model: LanguageModel): Pronounce {
  const learnt = memoizePromise(() => LetterToSound.learn(spellingsOf(model)));
  return async (word) => (await learnt()).pronounce(word);
}

/** Letters and apostrophes, lower case, without accents: how words are compared. */
function normalise(form: string): string {
  return form
    .normalize('NFKD')
    .replace(/[’ʼ]/g, "'")
    .toLowerCase()
    .replace(/[^a-z']/g, '');
}

/** A figure or a sign that makes a word another one: "4K", "C++". */
const OTHER_SIGN = /[^\p{L}\p{M}\p{Pd}'’ʼ.]/u;

/** Whether a word of a phrase is the model's but for capitals; "U.S. Army" leaves every "us" alone, too. */
function isSameWord(form: string, own = ''): boolean {
  return form.toLowerCase() === own.toLowerCase() || FUNCTION_WORDS.has(own.toLowerCase());
}

/** A word of an entry, and the words that it sounds like; none: as it reads. */
interface Form {
  form: string;
  soundsLike: readonly string[];
}

/** An entry. */
interface Entry {
  forms: readonly Form[];
  /** It is written in several words, with a letter or without. */
  isPhrase: boolean;
}

/**
 * The words of an entry that have a letter; none when it is too long. What it sounds like belongs to its
 * one word, or word by word to several; else it is left out.
 */
function formsOf(entry: string): Entry {
  const { written, soundsLike } = readEntry(entry);
  const isPhrase = written.includes(' ');
  const forms = wordsOf(written);
  const sounds = wordsOf(soundsLike ?? '');
  if (forms.length === 1 && sounds.length <= VOCABULARY_LIMITS.words)
    return { forms: forms.map((form) => ({ form, soundsLike: sounds })), isPhrase };
  const isPaired = sounds.length === forms.length;
  const soundOf = (at: number) => (isPaired ? sounds.slice(at, at + 1) : []);
  return { forms: forms.map((form, at) => ({ form, soundsLike: soundOf(at) })), isPhrase };
}

/** The words of a text that have a letter; none when it is too long. */
function wordsOf(text: string): string[] {
  if (text.length > VOCABULARY_LIMITS.characters) return [];
  return text.split(/\s+/).filter((form) => /[a-z]/.test(normalise(form)));
}

function isEntry({ forms }: Entry): boolean {
  return forms.length > 0 && forms.length <= VOCABULARY_LIMITS.words;
}

/** What the search adds and hopes for; all natural logarithms. */
export interface HotScores {
  hotBonus: number;
  newWordScore: number;
  weight: number;
}

/** The tree with the added words, and with more hope on the way to words that are entries. */
export function hotLexicon(
  base: Lexicon,
  model: LanguageModel,
  { entries, added }: HotWords,
  { hotBonus, newWordScore, weight }: HotScores,
): Lexicon {
  const single = new Set(entries.flatMap((entry) => (entry.length === 1 ? entry : [])));
  const additions: Spoken[] = [];
  const add = (word: number, score: number, pronunciations: readonly ArrayLike<number>[]) => {
    const hope = single.has(word) ? score + hotBonus / weight : score;
    for (const units of pronunciations) additions.push({ word, units, hope });
  };
  for (const word of single)
    if (word < model.words.length)
      add(word, model.unigramScore(word), (model.pronunciations[word] ?? []).map(unitsOf));
  for (const [index, { pronunciations }] of added.entries())
    add(model.words.length + index, newWordScore, pronunciations);
  return additions.length === 0 ? base : base.with(additions);
}

/** Which words the user's list favours. */
export class HotBonus {
  private readonly single = new Set<number>();
  private readonly pairs = new Set<number>();

  constructor(
    { entries }: HotWords,
    private readonly bonus: number,
  ) {
    for (const entry of entries) {
      const [first = 0] = entry;
      if (entry.length === 1) this.single.add(first);
      for (let at = 1; at < entry.length; at++)
        this.pairs.add((entry[at - 1] ?? 0) * PAIR_FACTOR + (entry[at] ?? 0));
    }
  }

  /** Whether no word is favoured. */
  get isEmpty(): boolean {
    return this.single.size + this.pairs.size === 0;
  }

  /** Added when `word` ends after `before`. */
  of(before: number, word: number): number {
    const isHot = this.single.has(word) || this.pairs.has(before * PAIR_FACTOR + word);
    return isHot ? this.bonus : 0;
  }
}
