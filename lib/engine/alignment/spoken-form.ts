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

/** Said behind the number that they are written before. */
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
