/** The words of English numbers. */

const ONES = new Map(
  (
    'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen ' +
    'sixteen seventeen eighteen nineteen'
  )
    .split(' ')
    .map((word, i): [string, number] => [word, i + 1]),
);

const TENS = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'
    .split(' ')
    .map((word, i): [string, number] => [word, (i + 2) * 10]),
);

const SCALES = new Map([
  ['hundred', 1e2],
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
  ['trillion', 1e12],
]);

/** Ordinals that are not their number and `th`. */
const IRREGULAR_ORDINALS: Record<string, string> = {
  first: 'one',
  second: 'two',
  third: 'three',
  fifth: 'five',
  eighth: 'eight',
  ninth: 'nine',
  twelfth: 'twelve',
};

/** Zero, as a number or as one figure of several. */
export const ZEROS = new Set(['zero', 'oh', 'o']);
/** `double two` is `22`. */
export const REPEATS = new Map([
  ['double', 2],
  ['triple', 3],
]);
/** Their sign goes before the number. */
export const CURRENCIES = new Map([
  ['dollar', '$'],
  ['dollars', '$'],
  ['pound', '£'],
  ['pounds', '£'],
  ['euro', '€'],
  ['euros', '€'],
  ['cent', '¢'],
  ['cents', '¢'],
]);
/** Said before a number. */
export const SIGNS = new Map([
  ['minus', '-'],
  ['negative', '-'],
  ['plus', '+'],
]);

/** A number that is written in figures already, with its currency. */
export const FIGURES = /^([$£€¢]?)(\d+(?:\.\d+)?)$/;

/** A number word: what it adds, and the end that makes it ordinal (`st`, `th`) or plural (`s`). */
export interface NumberWord {
  kind: 'ones' | 'tens' | 'scale';
  value: number;
  ending: string;
}

/** Every cardinal, ordinal and plural number word. */
export const NUMBER_WORDS = new Map<string, NumberWord>();
for (const [kind, words] of [
  ['ones', ONES],
  ['tens', TENS],
  ['scale', SCALES],
] as const)
  for (const [word, value] of words) {
    const ordinal =
      Object.entries(IRREGULAR_ORDINALS).find(([, cardinal]) => cardinal === word)?.[0] ??
      `${word.replace(/y$/, 'ie')}th`;
    const ordinalEnd = ({ 1: 'st', 2: 'nd', 3: 'rd' } as Record<number, string>)[value] ?? 'th';
    const plural = word.endsWith('y')
      ? `${word.slice(0, -1)}ies`
      : `${word}${word.endsWith('x') ? 'es' : 's'}`;
    NUMBER_WORDS.set(word, { kind, value, ending: '' });
    NUMBER_WORDS.set(plural, { kind, value, ending: 's' });
    NUMBER_WORDS.set(ordinal, { kind, value, ending: ordinalEnd });
    NUMBER_WORDS.set(`${ordinal}s`, { kind, value, ending: `${ordinalEnd}s` });
  }
