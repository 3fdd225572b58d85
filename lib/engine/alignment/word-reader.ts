import { memoizePromise } from '@/lib/core';
import { FIRST_WORD, LetterToSound, spellingsOf, unitsOf } from '@/lib/engine/search';
import { spokenForm } from './spoken-form';

/** In letters: what is written in capitals and longer is not an abbreviation. */
const LONGEST_ABBREVIATION = 6;
/** Ways to say one written word that are tried. */
const MAX_READINGS = 6;
/** Words whose readings are kept: letter to sound takes milliseconds a word. */
const MAX_KEPT = 10_000;

/** The words of a language model and the ways to say them, by word id. */
export interface WordList {
  readonly words: readonly string[];
  readonly pronunciations: readonly (readonly string[])[];
}

/**
 * Says how written words sound, in units of the phone network: as the word list has them, else letter
 * by letter for abbreviations, else as English spelling has it (learnt from the list when the first
 * such word comes, which takes about a second; the event loop turns meanwhile).
 */
export class WordReader {
  private readonly idOf = new Map<string, number>();
  private readonly kept = new Map<string, number[][]>();
  private readonly letterToSound = memoizePromise(() =>
    LetterToSound.learn(spellingsOf(this.list)),
  );

  constructor(private readonly list: WordList) {
    for (let word = FIRST_WORD; word < list.words.length; word++)
      this.idOf.set((list.words[word] ?? '').toLowerCase(), word);
  }

  /**
   * The ways to say a word as it stands in a text, with its punctuation; the most usual one first.
   * @returns none when it cannot be read
   */
  async read(written: string): Promise<readonly (readonly number[])[]> {
    const kept = this.kept.get(written);
    if (kept) return kept;
    let readings: number[][] = [[]];
    for (const part of spokenForm(written)) {
      const more = await this.readPart(part);
      readings = readings
        .flatMap((units) => more.map((next) => [...units, ...next]))
        .slice(0, MAX_READINGS);
    }
    const found = readings.filter((units) => units.length > 0);
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    this.kept.set(written, found);
    return found;
  }

  /** The ways to say one spoken word. @param part letters and apostrophes */
  private async readPart(part: string): Promise<number[][]> {
    const plain = part.toLowerCase();
    const listed = this.listed(plain);
    // the article "a" is listed before the letter
    if (plain.length === 1) return part === 'A' ? listed.toReversed() : listed;
    const letters = plain.replaceAll("'", '');
    const isCapital = part === part.toUpperCase() && letters.length <= LONGEST_ABBREVIATION;
    if (listed.length > 0) return isCapital ? [...listed, ...this.spell(letters)] : listed;
    const spelt = isCapital || !/[aeiouy]/.test(letters) ? this.spell(letters) : [];
    if (spelt.length > 0) return spelt;
    return (await this.letterToSound()).pronounce(plain);
  }

  private listed(word: string): number[][] {
    const id = this.idOf.get(word);
    return id === undefined
      ? []
      : (this.list.pronunciations[id] ?? []).map((units) => Array.from(unitsOf(units)));
  }

  /** Letter by letter; none when a letter has no name in the list. */
  private spell(letters: string): number[][] {
    const names = Array.from(letters, (letter) => this.listed(letter).at(-1) ?? []);
    return names.some((name) => name.length === 0) ? [] : [names.flat()];
  }
}
