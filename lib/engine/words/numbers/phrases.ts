import { isRange, type NumberReader } from './number-reader';
import type { Found } from './rewrite';
import { BEFORE_TIME, CURRENCIES, DIGITS, OH, POUNDS } from './vocabulary';

/** Sayings that are always written like this. */
const SAYINGS = new Map([
  ['nine eleven', '9/11'],
  ['twenty four seven', '24/7'],
  ['fifty fifty', '50-50'],
  ['twenty twenty vision', '20/20 vision'],
]);
/** Behind these, figures said in pairs are one number. */
const BEFORE_CODE = new Set('flight room route highway interstate page bus gate'.split(' '));
export const STREETS = new Set('street avenue road drive lane boulevard'.split(' '));
const BEFORE_PRICE = new Set('cost costs costing paid pay'.split(' '));
/** "Three ninety nine a pound". */
const PRICED = new Set('pound ounce gallon piece hour day week month year'.split(' '));
/** What may follow "two dollars fifty"; another word may be what fifty counts. */
const AFTER_CENTS = new Set(['', ...'a an each for and or to in at on is was but so'.split(' ')]);

export function sayingAt(reader: NumberReader, at: number): Found | null {
  for (const [said, written] of SAYINGS) {
    const words = said.split(' ');
    const next = at + words.length;
    if (!words.every((word, index) => reader.at(at + index, at) === word)) continue;
    const goesOn = reader.isCounted(next) || reader.read(next) || reader.ordinal(next);
    return goesOn ? null : { next, texts: written.split(' ') };
  }
  return null;
}

/** "flight two thirty four", "twenty one forty five Main Street", "fourteen hundred Elm Road". */
export function addressAt(reader: NumberReader, at: number): Found | null {
  const pair = reader.pair(at);
  const said = pair ? null : reader.read(at);
  const number = pair ?? said;
  if (!number || reader.isCounted(number.next)) return null;
  const isOnStreet = [1, 2].some((ahead) => STREETS.has(reader.at(number.next + ahead, at)));
  // "page ten twenty lines down"
  const mayBeTwo = pair !== null && isRange(Number(pair.first), Number(pair.second));
  const isCode = isOnStreet || (reader.isBehind(at, BEFORE_CODE) && !mayBeTwo);
  if (pair) return isCode ? { next: pair.next, texts: [`${pair.first}${pair.second}`] } : null;
  return isOnStreet && said && /^\d+,\d{3}$/.test(said.text)
    ? { next: said.next, texts: [String(said.value)] }
    : null;
}

/** "it cost nineteen ninety nine", "three ninety nine a pound". */
export function priceAt(reader: NumberReader, at: number): Found | null {
  const pair = reader.pair(at);
  if (!pair) return null;
  const { first, second, next } = pair;
  const isEach = /^(?:each|apiece)$/.test(reader.at(next, at));
  const isPerUnit = /^an?$/.test(reader.at(next, at)) && PRICED.has(reader.at(next + 1, at));
  const isPrice = reader.isBehind(at, BEFORE_PRICE) || isEach || isPerUnit;
  if (!isPrice || reader.isCounted(next)) return null;
  return {
    next,
    texts: isRange(Number(first), Number(second)) ? [first, second] : [`${first}.${second}`],
  };
}

/** "two dollars fifty", "a dollar fifty". */
export function moneyAt(reader: NumberReader, at: number): Found | null {
  const isA = reader.at(at) === 'a';
  const whole = isA ? { value: 1, next: at + 1 } : reader.read(at);
  const word = whole ? reader.at(whole.next, at) : '';
  const sign = CURRENCIES.get(word) ?? (POUNDS.has(word) ? '£' : undefined);
  const cents = whole && reader.at(whole.next + 1, at) !== '' ? reader.read(whole.next + 1) : null;
  if (!whole || !cents || sign === undefined || whole.value % 1 !== 0) return null;
  // "seven pounds ten" may be a weight
  const isCents =
    cents.value >= (sign === '£' ? 16 : 10) && cents.value < 100 && cents.value % 1 === 0;
  if (!isCents || !AFTER_CENTS.has(reader.at(cents.next, at))) return null;
  return {
    next: cents.next,
    texts: [`${sign}${whole.value.toLocaleString('en-US')}.${cents.value}`],
  };
}

/** "five foot eleven", "six feet two inches". */
export function heightAt(reader: NumberReader, at: number): Found | null {
  const feet = reader.read(at);
  const unit = feet ? reader.at(feet.next, at) : '';
  if (feet?.kind !== 'small' || feet.value < 3 || !/^(?:foot|feet)$/.test(unit)) return null;
  const inches = reader.at(feet.next + 1, at) === '' ? null : reader.read(feet.next + 1);
  if (!inches || inches.value >= 12 || inches.kind === 'decimal') return null;
  const isOther = reader.isCounted(inches.next) && !/^inch/.test(reader.at(inches.next));
  return isOther ? null : { next: inches.next, texts: [feet.text, unit, inches.text] };
}

/** "at eighteen hundred hours", "oh eight hundred". */
export function hoursAt(reader: NumberReader, at: number): Found | null {
  const digit = OH.has(reader.at(at)) ? DIGITS.get(reader.at(at + 1, at)) : undefined;
  const isCount = reader.isCounted(at + 3) && reader.at(at + 3) !== 'hours';
  if (digit !== undefined && reader.at(at + 2, at) === 'hundred' && !isCount)
    return { next: at + 3, texts: [`0${digit}00`] };
  const said = reader.isBehind(at, BEFORE_TIME) ? reader.read(at) : null;
  if (!said || reader.at(said.next, at) !== 'hours') return null;
  const isHour = said.value >= 1000 && said.value <= 2400 && said.value % 100 === 0;
  return isHour ? { next: said.next, texts: [String(said.value)] } : null;
}
