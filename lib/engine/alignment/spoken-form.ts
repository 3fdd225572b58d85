import { memoizePromise } from '@/lib/core';
import { FIRST_WORD, LetterToSound, spellingsOf, UNKNOWN_WORD, unitsOf } from '@/lib/engine/search';
import { NUMBER, spokenNumber } from './spoken-numbers';

/** Letters that Unicode does not take apart into a letter of ASCII and a mark. */
const FOLDED = new Map(
  Object.entries({
    ß: 'ss',
    ẞ: 'SS',
    æ: 'ae',
    Æ: 'Ae',
    œ: 'oe',
    Œ: 'Oe',
    ø: 'o',
    Ø: 'O',
    ł: 'l',
    Ł: 'L',
    đ: 'd',
    Đ: 'D',
    ð: 'th',
    Ð: 'Th',
    þ: 'th',
    Þ: 'Th',
    ı: 'i',
    ħ: 'h',
    Ħ: 'H',
    ŋ: 'ng',
    ə: 'e',
    '’': "'",
    ʼ: "'",
    '‘': "'",
  }),
);

const SYMBOLS = new Map([
  ['&', 'and'],
  ['+', 'plus'],
  ['@', 'at'],
  ['=', 'equals'],
  ['%', 'percent'],
  ['#', 'number'],
  ['°', 'degrees'],
]);

/** Said after the number that they are written before. */
const CURRENCIES = new Map([
  ['$', 'dollars'],
  ['€', 'euros'],
  ['£', 'pounds'],
  ['¥', 'yen'],
]);

const ABBREVIATIONS = new Map([
  ['kg', 'kilograms'],
  ['km', 'kilometers'],
  ['cm', 'centimeters'],
  ['mm', 'millimeters'],
  ['capt', 'captain'],
  ['lt', 'lieutenant'],
]);

/** `U.S.`, `a.m.`: each letter is said by its name. */
const DOTTED = /^(?:[a-z]\.)+[a-z]?$/i;

const PART = new RegExp(`[$€£¥]?${NUMBER.source}|[a-z]+(?:'[a-z]+)*|[&+@=%#°]`, 'gi');

/**
 * A written word as the words that are said: letters a to z and apostrophes, in their case; a capital
 * alone is a letter's name. Marks fall away, numbers and symbols are read in English, letters with
 * diacritics become plain ones. None when nothing can be read, or when it is in another script.
 */
export function spokenForm(written: string): string[] {
  const plain = toAscii(written);
  // a word of two scripts would be read in part, and end too early
  if (/[^\P{L}a-zA-Z]|[^\P{N}0-9]/u.test(plain)) return [];
  const bare = plain.replace(/^[^a-z\d]+|[^a-z\d.]+$/gi, '');
  if (DOTTED.test(bare)) return Array.from(bare.replaceAll('.', '').toUpperCase());
  return (plain.match(PART) ?? []).flatMap(spokenPart);
}

function spokenPart(part: string): string[] {
  const currency = CURRENCIES.get(part.charAt(0));
  if (currency !== undefined) return spokenPrice(part.slice(1), currency);
  if (/^\d/.test(part)) return spokenNumber(part);
  const symbol = SYMBOLS.get(part);
  if (symbol !== undefined) return [symbol];
  return [ABBREVIATIONS.get(part.toLowerCase()) ?? part];
}

/** `5` and `5.50`: "five dollars", "five dollars fifty". */
function spokenPrice(amount: string, currency: string): string[] {
  const [, whole, cents] = /^([\d,]+)\.(\d\d)$/.exec(amount) ?? [];
  if (whole === undefined || cents === undefined) return [...spokenNumber(amount), currency];
  const rest = Number(cents) === 0 ? [] : spokenNumber(String(Number(cents)));
  return [...spokenNumber(whole), currency, ...rest];
}

function toAscii(text: string): string {
  return Array.from(text.normalize('NFKD').replace(/\p{M}/gu, ''), (letter) => {
    return FOLDED.get(letter) ?? letter;
  }).join('');
}

/** In letters: what is written in capitals and longer is not an abbreviation. */
const LONGEST_ABBREVIATION = 6;
/** Ways to say one written word that are tried. */
const MAX_READINGS = 6;
/** Words whose readings are kept: letter to sound takes milliseconds a word. */
const MAX_KEPT = 10_000;

/** The words of a language model and the ways to say them, by word id. */
interface WordList {
  readonly words: readonly string[];
  readonly pronunciations: readonly (readonly string[])[];
}

/**
 * Says how written words sound, in units of the phone network: as the word list has them, else letter
 * by letter for abbreviations, else as English spelling has it (learnt from the list when the first
 * such word comes, which takes about a second; the event loop turns meanwhile).
 */
export class WordReader {
  private readonly ids = new Map<string, number>();
  private readonly kept = new Map<string, number[][]>();
  private readonly letterToSound = memoizePromise(() =>
    LetterToSound.learn(spellingsOf(this.list)),
  );

  constructor(private readonly list: WordList) {
    for (let word = FIRST_WORD; word < list.words.length; word++)
      this.ids.set((list.words[word] ?? '').toLowerCase(), word);
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

  /**
   * The id of a written word that is one spoken word; `UNKNOWN_WORD` when the list does not have it.
   * @returns `null` for several words in one, and for numbers
   */
  idOf(written: string): number | null {
    const [part, ...more] = spokenForm(written);
    if (part === undefined || more.length > 0 || /\p{N}/u.test(written)) return null;
    return this.ids.get(part.toLowerCase()) ?? UNKNOWN_WORD;
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
    const id = this.ids.get(word);
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
