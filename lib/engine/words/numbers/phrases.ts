import type { NumberReader } from './number-reader';
import type { Found } from './rewrite';

/** Sayings that are always written like this. */
const SAYINGS = new Map([
  ['nine eleven', '9/11'],
  ['twenty four seven', '24/7'],
  ['fifty fifty', '50-50'],
  ['twenty twenty vision', '20/20 vision'],
]);
/** Behind these, figures said in pairs are one number. */
const BEFORE_CODE = new Set('flight room route highway interstate page bus gate'.split(' '));
const STREETS = new Set('street avenue road drive lane boulevard'.split(' '));

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
  const isCode = isOnStreet || reader.isBehind(at, BEFORE_CODE);
  if (pair) return isCode ? { next: pair.next, texts: [`${pair.first}${pair.second}`] } : null;
  return isOnStreet && said && /^\d+,\d{3}$/.test(said.text)
    ? { next: said.next, texts: [String(said.value)] }
    : null;
}
