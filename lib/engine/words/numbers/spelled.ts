import { NUMBER, spokenNumber } from '@/lib/engine/alignment';
import { type MarkedWord, type Rewrite, takeMarks } from './rewrite';
import { COUNTED, MONTHS, SCALES } from './vocabulary';

/** What a sign of money is called: one, many, and a hundredth of it. */
const CURRENCIES = new Map([
  ['$', ['dollar', 'dollars', 'cent', 'cents']],
  ['€', ['euro', 'euros', 'cent', 'cents']],
  ['£', ['pound', 'pounds', 'penny', 'pence']],
  ['¥', ['yen', 'yen', 'sen', 'sen']],
]);

const DENOMINATORS = new Map([
  [2, 'half'],
  [3, 'third'],
  [4, 'quarter'],
  [5, 'fifth'],
  [6, 'sixth'],
  [7, 'seventh'],
  [8, 'eighth'],
  [9, 'ninth'],
  [10, 'tenth'],
]);

const AMOUNT = String.raw`\d{1,3}(?:,\d{3})+|\d+`;
const SIGN = /^[-−+]$/;
const MONEY = new RegExp(`^([$€£¥])(${AMOUNT})(?:\\.(\\d+))?$`);
const PLAIN = new RegExp(`^(${AMOUNT})(\\.\\d+)?$`);
const TIME = /^(\d{1,2}):([0-5]\d)([ap]\.?m)?$/i;
const CALLS = /^(?:call|called|calling|dial|dialed|dialled|dialing|dialling)$/i;
const HELP = /^(?:[2-9]11|999|112)$/;
const PHONE = /^(?:\d-)?\d{3}\)?[- ]\d{3}[- ]\d{4}$/;
const RANGE = /^(\d[\d,.]*)[-–](\d[\d,.]*)$/;
const ENDS_SENTENCE = /[.?!]["'”’)\]]*$/;

/**
 * What of an English text is written in figures and is to be written in words: the other way round
 * from `figuresIn`. What is not a number, such as "B12", "20°C" and "24/7", stays.
 * @param texts words with their marks
 */
export function wordsIn(texts: readonly string[]): Rewrite[] {
  const rewrites: Rewrite[] = [];
  const marked = texts.map(takeMarks);
  for (let at = 0; at < texts.length; at++) {
    const word = marked[at];
    if (!word || !/\d/.test(word.core)) continue;
    const next = marked[at + 1];
    const before = at > 0 && marked[at - 1]?.after === '' ? (marked[at - 1]?.core ?? '') : '';
    const following = word.after === '' && next?.before === '' ? next.core : '';
    const said = sayPhone(marked, at) ?? sayPoint(word) ?? sayWord(word.core, before, following);
    if (!said) continue;
    const { used = 0, texts: spoken } = said;
    // "$1.5 billion dollars"
    const isTwice = spoken.length > 1 && spoken.at(-1) === marked[at + 1 + used]?.core;
    if (isTwice && MONEY.test(word.core)) spoken.pop();
    const startsSentence = at === 0 || ENDS_SENTENCE.test(texts[at - 1] ?? '');
    const written = startsSentence ? [capital(spoken[0] ?? ''), ...spoken.slice(1)] : [...spoken];
    written[0] = (said.before ?? word.before) + written[0];
    written[written.length - 1] += marked[at + used]?.after ?? '';
    rewrites.push({ from: at, to: at + 1 + used, texts: written });
    at += used;
  }
  return rewrites;
}

interface Said {
  texts: string[];
  /** Following words that are in it already. */
  used?: number;
  /** Marks that stay before it, where not all do. */
  before?: string;
}

/** "(555) 123-4567", "555 123 4567", "call 911". */
function sayPhone(words: readonly MarkedWord[], at: number): Said | null {
  const first = words[at];
  const isCalled = CALLS.test(words[at - 1]?.core ?? '') && HELP.test(first?.core ?? '');
  for (const used of [2, 1, 0]) {
    const more = words.slice(at + 1, at + used + 1);
    let text = first?.core ?? '';
    let mark = first?.after ?? '';
    for (const { before, core, after } of more) {
      text += `${mark} ${before}${core}`;
      mark = after;
    }
    const isPhone = PHONE.test(text) || (isCalled && used === 0);
    if (isPhone && more.length === used)
      return { texts: sayFigures(text), used, before: (first?.before ?? '').replace('(', '') };
  }
  return null;
}

/** ".5", ".5%" */
function sayPoint({ before, core }: MarkedWord): Said | null {
  const [, digits, percent] = /^(\d+)(%?)$/.exec(core) ?? [];
  if (digits === undefined || !/(?:^|[^.])\.$/.test(before)) return null;
  const texts = ['point', ...sayFigures(digits)];
  return { texts: percent ? [...texts, 'percent'] : texts, before: before.slice(0, -1) };
}

/** @returns `null` for what is not a number */
function sayWord(core: string, before: string, following: string): Said | null {
  const sign = SIGN.test(core.charAt(0)) ? core.charAt(0) : '';
  const bare = core.slice(sign.length);
  const said = sayBare(bare, before, following);
  if (!said || sign === '') return said;
  return { ...said, texts: [sign === '+' ? 'plus' : 'minus', ...said.texts] };
}

function sayBare(core: string, before: string, following: string): Said | null {
  const money = MONEY.exec(core);
  if (money) return sayMoney(money, before, following);
  const percent = /^(.*\d)%$/.exec(core)?.[1];
  if (percent !== undefined) {
    const said = PLAIN.test(percent) ? { texts: sayNumber(percent) } : sayRange(percent);
    return said && { texts: [...said.texts, 'percent'] };
  }
  const time = TIME.exec(core);
  if (time) return { texts: sayTime(time, following) };
  const hour = /^(\d{1,2})([ap]\.?m)$/i.exec(core);
  if (hour) return { texts: [...sayNumber(hour[1] ?? ''), halfOfDay(hour[2])] };
  if (/^#\d+$/.test(core)) return { texts: ['number', ...sayNumber(core.slice(1))] };
  const fraction = /^(\d{1,2})\/(\d{1,2})$/.exec(core);
  if (fraction) return sayFraction(Number(fraction[1]), Number(fraction[2]), before);
  if (RANGE.test(core)) return sayRange(core);
  const joined = /^(\d+)(-\p{L}[\p{L}-]*)$/u.exec(core);
  if (joined) {
    const texts = sayNumber(joined[1] ?? '', true);
    return { texts: [...texts.slice(0, -1), `${texts.at(-1)}${joined[2]}`] };
  }
  if (PLAIN.test(core)) return sayPlain(core, before, following);
  const whole = NUMBER.exec(core);
  // with an ending: "21st", "1980s"
  return whole?.[0] === core ? { texts: sayNumber(core) } : null;
}

function sayPlain(core: string, before: string, following: string): Said {
  const isDay = /^(?:[1-9]|[12]\d|3[01])$/.test(core);
  const isCount = COUNTED.has(following.toLowerCase());
  if (isDay && isMonth(before) && !isCount && following !== 'of')
    return { texts: sayNumber(ordinalOf(core)) };
  if (isDay && isMonth(following))
    return { texts: ['the', ...sayNumber(ordinalOf(core)), 'of', following], used: 1 };
  return { texts: sayNumber(core, isCount) };
}

/** @param match sign, whole and decimals */
function sayMoney(
  [, sign = '', whole = '', decimals]: RegExpExecArray,
  before: string,
  following: string,
): Said {
  const [one = '', dollars = '', cent = '', hundredths = ''] = CURRENCIES.get(sign) ?? [];
  const isScaled = SCALES.has(following.toLowerCase());
  // "a five dollar bill"
  const isOfThing = /^an?$/i.test(before) && (isScaled || /^\p{Ll}/u.test(following));
  const [many, cents] = isOfThing ? [one, cent] : [dollars, hundredths];
  if (isScaled) {
    const amount = decimals === undefined ? whole : `${whole}.${decimals}`;
    return { texts: [...sayNumber(amount, true), following, many], used: 1 };
  }
  if (decimals !== undefined && decimals.length !== 2)
    return { texts: [...sayNumber(`${whole}.${decimals}`, true), many] };
  const large = [...sayNumber(whole, true), Number(whole) === 1 ? one : many];
  const small = Number(decimals ?? 0);
  if (small === 0) return { texts: large };
  const rest = [...sayNumber(String(small)), small === 1 ? cent : cents];
  return { texts: Number(whole) === 0 ? rest : [...large, 'and', ...rest] };
}

/** @param match hours, minutes and half of the day */
function sayTime([, hours = '', minutes = '', half]: RegExpExecArray, following: string): string[] {
  const saysHalfOfDay = half !== undefined || /^[ap]\.?m\b/i.test(following);
  const hour = sayNumber(String(Number(hours)));
  const rest = half === undefined ? [] : [halfOfDay(half)];
  if (minutes === '00') {
    if (saysHalfOfDay) return [...hour, ...rest];
    return Number(hours) >= 1 && Number(hours) <= 12 ? [...hour, "o'clock"] : [...hour, 'hundred'];
  }
  const oh = minutes.startsWith('0') ? ['oh'] : [];
  return [...hour, ...oh, ...sayNumber(String(Number(minutes))), ...rest];
}

function halfOfDay(text = ''): string {
  return text.toLowerCase().startsWith('a') ? 'a.m.' : 'p.m.';
}

function sayFraction(above: number, below: number, before: string): Said | null {
  const part = DENOMINATORS.get(below);
  if (part === undefined || above < 1 || above >= below) return null;
  const many = part === 'half' ? 'halves' : `${part}s`;
  const texts = [...sayNumber(String(above)), above === 1 ? part : many];
  // "1 1/2" is one and a half
  if (!/^\d{1,3}$/.test(before)) return { texts };
  return { texts: ['and', ...(above === 1 ? ['a', part] : texts)] };
}

function sayRange(core: string): Said | null {
  const [, from = '', to = ''] = RANGE.exec(core) ?? [];
  if (!PLAIN.test(from) || !PLAIN.test(to)) return null;
  // of a telephone
  if (from.length === 3 && to.length === 4) return { texts: sayFigures(core) };
  return Number(to.replaceAll(',', '')) > Number(from.replaceAll(',', ''))
    ? { texts: [...sayNumber(from), 'to', ...sayNumber(to)] }
    : null;
}

/** One by one, without what is between them. */
function sayFigures(text: string): string[] {
  return Array.from(text.replace(/\D/g, '')).flatMap((figure) => spokenNumber(figure));
}

/**
 * A number in words, as they are written: "twenty-one", "two hundred and fifty".
 * @param isCount figures like those of a year are a number all the same
 */
function sayNumber(text: string, isCount = false): string[] {
  const counted = isCount && /^\d{4}$/.test(text) ? Number(text).toLocaleString('en-US') : text;
  const words = spokenNumber(counted);
  const written: string[] = [];
  for (const [at, word] of words.entries()) {
    const last = written.at(-1);
    const before = words[at - 1] ?? '';
    if (last !== undefined && TENS.test(last) && ONES.test(word))
      written[written.length - 1] = `${last}-${word}`;
    else {
      if (needsAnd(before, words.slice(at))) written.push('and');
      written.push(word);
    }
  }
  return written;
}

/** "two hundred and fifty", "two thousand and five", but "nineteen hundred", "one hundred thousand". */
function needsAnd(before: string, rest: readonly string[]): boolean {
  const [first = ''] = rest;
  const isSmall = !SCALES.has(first) && !/^(?:hundred|point|oh)/.test(first);
  if (before === 'hundred') return isSmall;
  if (!SCALES.has(before)) return false;
  return (
    isSmall &&
    !rest.some((word) => word.startsWith('hundred') || SCALES.has(word.replace(/th$/, '')))
  );
}

const TENS = /^(?:twen|thir|for|fif|six|seven|eigh|nine)ty$/;
const ONES =
  /^(?:one|two|three|four|five|six|seven|eight|nine|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)s?$/;

function ordinalOf(day: string): string {
  return `${day}th`;
}

function isMonth(word: string): boolean {
  return MONTHS.has(word.toLowerCase()) && /^\p{Lu}/u.test(word);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
