/** What a word is in a number, a date or an amount. */
type Role = 'figure' | 'number' | 'ordinal' | 'month' | 'joint' | null;

interface NumberWords {
  /** The whole of a word, in lower case. */
  number: RegExp;
  ordinal: RegExp;
  /** What may stand between two numbers of one run. */
  joint: RegExp;
}

const set = (words: string) => new RegExp(`^(?:${words.replaceAll(' ', '|')})$`, 'u');
const compound = (parts: string, end = '') =>
  new RegExp(`^(?:${parts.replaceAll(' ', '|')}|[-‐])+${end}$`, 'u');

const EN =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion';
const DE =
  'null ein eins eine zwei zwo drei vier fünf sechs sieben acht neun zehn elf zwölf sech sieb zwanzig zig ßig und hundert tausend million millionen milliarde milliarden';
const FR =
  'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingts? trente quarante cinquante soixante septante huitante nonante cents? mille millions? milliards? et';
const ES =
  'cero uno una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veinti(?:uno|dós|trés|cuatro|cinco|séis|siete|ocho|nueve) treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos mil millón millones';

/** By language: number words of others are not known, figures are. */
const WORDS: Record<string, NumberWords> = {
  en: {
    number: compound(EN),
    ordinal: compound(
      `${EN} first second third fifth eighth ninth twelfth (?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)ieth`,
      '(?:th)?',
    ),
    joint: set('and point dash of the oh o double triple comma'),
  },
  de: {
    number: compound(DE),
    ordinal: compound(`${DE} ers drit sieb`, '(?:s?te|e)[nrms]?'),
    joint: set('und komma strich der den des vom'),
  },
  fr: { number: compound(FR), ordinal: set('premier première'), joint: set('et virgule') },
  es: { number: compound(ES), ordinal: set('primero primera'), joint: set('y de del coma') },
};

const FIGURE = /\p{N}/u;

const SENTENCE_END = /[.?!]["')\]»”]*$/u;
const CAPITAL = /^["'([«“„]*\p{Lu}/u;

/** Words that are numbers only beside others: "one of them". */
const LEAST_WORDS = 2;

/**
 * Where words are numbers, dates and amounts: anything with figures, and runs of number words and months.
 * @param language BCP 47
 * @returns runs [from, to], in order
 */
export function findNumberRuns(words: readonly string[], language: string): [number, number][] {
  const known = WORDS[language.split('-')[0]?.toLowerCase() ?? ''];
  const months = new Set(monthsOf(language));
  const roles = words.map((word) => roleOf(word, known, months));
  const runs: [number, number][] = [];
  for (let at = 0; at < roles.length; at++) {
    if (roles[at] === null || roles[at] === 'joint') continue;
    let to = at;
    for (let next = at + 1; next < roles.length && next - to <= 2; next++) {
      const role = roles[next] ?? null;
      const isNewSentence =
        role !== 'month' &&
        SENTENCE_END.test(words[next - 1] ?? '') &&
        CAPITAL.test(words[next] ?? '');
      if (role === null || isNewSentence) break;
      if (role !== 'joint') to = next;
    }
    if (isNumber(roles.slice(at, to + 1))) runs.push([at, to]);
    at = to;
  }
  return runs;
}

function isNumber(roles: readonly Role[]): boolean {
  const count = (role: Role) => roles.filter((one) => one === role).length;
  if (count('figure') > 0 || count('number') >= LEAST_WORDS) return true;
  return count('month') > 0 && count('number') + count('ordinal') > 0;
}

function roleOf(word: string, known: NumberWords | undefined, months: Set<string>): Role {
  if (FIGURE.test(word)) return 'figure';
  const bare = word.replace(/^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu, '');
  // as they are written: "may" and "march" are other words
  if (months.has(bare)) return 'month';
  const lower = bare.toLowerCase();
  if (!known || lower === '') return null;
  if (known.joint.test(lower)) return 'joint';
  if (known.number.test(lower)) return 'number';
  return known.ordinal.test(lower) ? 'ordinal' : null;
}

function monthsOf(language: string): string[] {
  try {
    const format = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' });
    return Array.from({ length: 12 }, (_, month) => format.format(Date.UTC(2024, month, 15)));
  } catch {
    // no language tag: the transcript's language was not known
    return [];
  }
}
