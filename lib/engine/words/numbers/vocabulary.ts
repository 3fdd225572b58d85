/** The words of English numbers, dates, times and money, in small letters. */

const list = (text: string) => text.split(' ');

export const DIGITS = new Map(
  list('zero one two three four five six seven eight nine').map((word, value) => [word, value]),
);
export const TEENS = new Map(
  list('ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen').map(
    (word, at) => [word, at + 10],
  ),
);
export const TENS = new Map(
  list('twenty thirty forty fifty sixty seventy eighty ninety').map((word, at) => [
    word,
    10 * (at + 2),
  ]),
);
/** Of more than a hundred. */
export const SCALES = new Map([
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
  ['trillion', 1e12],
]);

/** Said for a zero among other figures. */
export const OH = new Set(['oh', 'o', 'zero']);

const IRREGULAR = new Map([
  ['first', 1],
  ['second', 2],
  ['third', 3],
  ['fifth', 5],
  ['eighth', 8],
  ['ninth', 9],
  ['twelfth', 12],
]);

/** Ordinals of one word, up to ninetieth. */
export const ORDINALS = new Map([
  ...[...DIGITS, ...TEENS, ...TENS]
    .filter(([, value]) => value > 0)
    .map(([word, value]): [string, number] => [`${word.replace(/y$/, 'ie')}th`, value]),
  ...IRREGULAR,
]);

/** Decades: "twenties", "nineties". */
export const DECADES = new Map(
  [...TENS].map(([word, value]) => [`${word.slice(0, -1)}ies`, value]),
);

export const MONTHS = new Map(
  list('january february march april may june july august september october november december').map(
    (word, at) => [word, at + 1],
  ),
);
/** Months that are other words too. */
export const DOUBTFUL_MONTHS = new Set(['march', 'may']);

/** "At six thirty" is a time. */
export const BEFORE_TIME = new Set(['at', 'by', 'until', 'till']);
/** "In two thousand" is a year. */
export const BEFORE_YEAR = new Set(['in', 'since', 'year', ...MONTHS.keys()]);

/** A currency's name to its sign. */
export const CURRENCIES = new Map([
  ['dollar', '$'],
  ['dollars', '$'],
  ['euro', '€'],
  ['euros', '€'],
]);
/** Weights too: money only where pence follow. */
export const POUNDS = new Set(['pound', 'pounds']);
export const CENTS = new Set(['cent', 'cents', 'penny', 'pence']);

export const PERSONS = new Set(list('people men women children'));
const SPANS = list('years months weeks hours minutes seconds');
/** Where "three fifty" is 350: of degrees it is, of minutes it may be two numbers. */
export const MEASURED = new Set([
  ...list('dollars euros pounds bucks cents percent points times words degrees days'),
  ...list('miles yards feet inches meters metres kilometers kilometres acres'),
  ...list('grams kilograms ounces tons tonnes gallons liters litres calories volts watts'),
]);
/** What numbers count. */
export const COUNTED = new Set([...PERSONS, ...SPANS, ...MEASURED]);
/** One of them, as in "thirty minutes to one hour" and "a ten mile walk". */
export const COUNTED_ONE = new Set(
  list(
    'year month week day hour minute second mile yard foot inch meter metre kilometer kilometre',
  ),
);

/** The English ending of an ordinal in figures. */
export function ordinalEnding(value: number): string {
  const teens = value % 100 >= 11 && value % 100 <= 13;
  return (!teens && ['', 'st', 'nd', 'rd'][value % 10]) || 'th';
}
