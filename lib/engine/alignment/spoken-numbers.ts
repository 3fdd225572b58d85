const ONES = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen ' +
  'sixteen seventeen eighteen nineteen'
).split(' ');

const TENS = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

const SCALES = [
  [1_000_000_000, 'billion'],
  [1_000_000, 'million'],
  [1000, 'thousand'],
  [100, 'hundred'],
] as const;

/** Numbers with more figures than this are read figure by figure, like those of telephones. */
const MAX_FIGURES = 12;

const IRREGULAR_ORDINALS = new Map([
  ['one', 'first'],
  ['two', 'second'],
  ['three', 'third'],
  ['five', 'fifth'],
  ['eight', 'eighth'],
  ['nine', 'ninth'],
  ['twelve', 'twelfth'],
]);

/** A number as texts have it: figures with commas, a decimal part, the ending of an ordinal. */
export const NUMBER = /(\d+(?:,\d{3})+|\d+)(?:\.(\d+))?(st|nd|rd|th|'?s)?/i;

/**
 * How a number is said in English: `1984` as a year, `21st`, `1980s`, `1,000`, `3.5`.
 * @param text what `NUMBER` matches; nothing else gives any words
 */
export function spokenNumber(text: string): string[] {
  const match = NUMBER.exec(text);
  if (!match) return [];
  const [, whole = '', decimals, ending = ''] = match;
  const canBeYear = decimals === undefined && !whole.includes(',');
  const words = wholeNumber(whole.replaceAll(',', ''), canBeYear);
  if (decimals !== undefined) return [...words, 'point', ...figures(decimals)];
  const last = words.at(-1) ?? '';
  if (/s$/i.test(ending)) return [...words.slice(0, -1), plural(last)];
  return ending === '' ? words : [...words.slice(0, -1), ordinal(last)];
}

function wholeNumber(digits: string, canBeYear: boolean): string[] {
  const value = Number(digits);
  if (digits.length > MAX_FIGURES || /^0\d/.test(digits)) return figures(digits);
  const isYear = digits.length === 4 && value >= 1100 && value < 2100;
  return canBeYear && isYear && Math.floor(value / 10) !== 200 ? year(value) : cardinal(value);
}

function figures(digits: string): string[] {
  return Array.from(digits, (digit) => ONES[Number(digit)] ?? '');
}

/** As two numbers of two figures: "nineteen eighty four", "nineteen oh five", "nineteen hundred". */
function year(value: number): string[] {
  const century = cardinal(Math.floor(value / 100));
  const rest = value % 100;
  if (rest === 0) return [...century, 'hundred'];
  return rest < 10 ? [...century, 'oh', ...cardinal(rest)] : [...century, ...cardinal(rest)];
}

function cardinal(value: number): string[] {
  if (value < 20) return [ONES[value] ?? ''];
  if (value < 100) {
    const tens = TENS[Math.floor(value / 10)] ?? '';
    return value % 10 === 0 ? [tens] : [tens, ONES[value % 10] ?? ''];
  }
  for (const [scale, name] of SCALES)
    if (value >= scale) {
      const rest = value % scale;
      const words = [...cardinal(Math.floor(value / scale)), name];
      return rest === 0 ? words : [...words, ...cardinal(rest)];
    }
  return [];
}

function plural(word: string): string {
  if (word.endsWith('y')) return `${word.slice(0, -1)}ies`;
  return word.endsWith('x') ? `${word}es` : `${word}s`;
}

function ordinal(word: string): string {
  const irregular = IRREGULAR_ORDINALS.get(word);
  if (irregular !== undefined) return irregular;
  return word.endsWith('y') ? `${word.slice(0, -1)}ieth` : `${word}th`;
}
