import { NumberReader, type ReadNumber } from './number-reader';
import { addressAt, heightAt, hoursAt, moneyAt, priceAt, STREETS, sayingAt } from './phrases';
import { type Found, type Rewrite, takeMarks } from './rewrite';
import {
  BEFORE_TIME,
  BEFORE_YEAR,
  CENTS,
  COUNTED,
  CURRENCIES,
  DECADES,
  DOUBTFUL_MONTHS,
  MONTHS,
  ordinalEnding,
  PERSONS,
  POUNDS,
  SCALES,
  TEENS,
} from './vocabulary';

/** "It's five to ten" is one, too; "it's two fifty" may be a price. */
const BEFORE_TO = new Set([...BEFORE_TIME, "it's"]);
const BEFORE_DECADE = new Set(['the', 'early', 'mid', 'late']);
/** "In May ten" is no day. */
const BEFORE_MONTH = new Set(['in', 'during', 'last', 'next', 'early', 'late', 'mid']);
const JOINTS = new Set(['to', 'and', 'or', 'until', 'through']);
/** Behind "twenty second", these tell a place in a row from a span of time. */
const AFTER_ORDINAL = new Set(['', 'of', ...STREETS]);
const RANGE_JOINT = /^(?:to|or)$/;
const HALF_OF_DAY = /^(?:[ap]\.?m\.?)$/;
/** With these, numbers below ten are figures too. */
const MEASURES = new Set(['degrees', 'cents', 'percent']);
const MINUTES_TO = new Set([5, 10, 20, 25]);
/** An ordinal after one of these is a part of a whole: "one tenth". */
const PART_BEFORE = /^(?:a|an|one|two|three|four|five|six|seven|eight|nine)$/;

/**
 * What of an English text is said as a number and is to be written in figures: cardinals, ordinals,
 * years, decimals, times, dates, percentages and sums of money. Numbers below ten stay words where they
 * stand alone, as style guides ask for; so do "a hundred" and "a thousand".
 * @param texts words with their marks
 */
export function figuresIn(texts: readonly string[]): Rewrite[] {
  const text = new FigureText(texts);
  const rewrites: Rewrite[] = [];
  for (let at = 0; at < text.reader.pieces.length; ) {
    const found = text.find(at);
    const rewrite = found && text.rewrite(at, found);
    if (rewrite) rewrites.push(rewrite);
    at = found && rewrite ? text.nextWord(found) : at + 1;
  }
  return rewrites;
}

class FigureText {
  readonly reader: NumberReader;

  constructor(private readonly texts: readonly string[]) {
    this.reader = new NumberReader(texts);
  }

  /** What begins at a piece; the longest first. */
  find(at: number): Found | null {
    const piece = this.reader.pieces[at];
    // "mid-nineties" is one word
    if (!piece || (at > 0 && this.reader.pieces[at - 1]?.endsWord === false)) return null;
    return (
      addressAt(this.reader, at) ??
      this.dayOfMonth(at) ??
      this.monthAndDay(at) ??
      this.timeByHour(at) ??
      this.time(at) ??
      sayingAt(this.reader, at) ??
      priceAt(this.reader, at) ??
      moneyAt(this.reader, at) ??
      heightAt(this.reader, at) ??
      hoursAt(this.reader, at) ??
      this.decade(at) ??
      this.ordinal(at) ??
      this.number(at)
    );
  }

  /** Marks around the words stay, and what is left of a word with hyphens. */
  rewrite(at: number, { next, texts }: Found): Rewrite | null {
    const { pieces } = this.reader;
    const [first, last] = [pieces[at], pieces[next - 1]];
    if (!first || !last) return null;
    const { before } = takeMarks(this.texts[first.word] ?? '');
    const { core, after } = takeMarks(this.texts[last.word] ?? '');
    const parts = core.split('-');
    const place = next - 1 - pieces.findIndex(({ word }) => word === last.word);
    const rest = this.restOfWord(next, parts.slice(place + 1));
    if (rest === null) return null;
    const written = [...texts];
    written[0] = before + written[0];
    written[written.length - 1] += rest + after;
    const old = this.texts.slice(first.word, last.word + 1);
    const isNew = written.join(' ') !== old.join(' ');
    return isNew ? { from: first.word, to: last.word + 1, texts: written } : null;
  }

  /**
   * What follows a number within its word, numbers in figures too: "fifty-fifty", "twenty-year-old".
   * @returns `null` for parts of a whole, which words say better: "fifteen-sixteenths"
   */
  private restOfWord(at: number, parts: readonly string[]): string | null {
    let rest = '';
    for (let index = 0; index < parts.length; ) {
      const part = parts[index] ?? '';
      if (this.reader.isParts(at + index)) return null;
      const number = this.reader.read(at + index);
      const isWhole = number !== null && number.next - at <= parts.length;
      rest += `-${isWhole ? number.text : part}`;
      index = isWhole ? number.next - at : index + 1;
    }
    return rest;
  }

  /** Index of the first piece of the word after what was found. */
  nextWord({ next }: Found): number {
    const { pieces } = this.reader;
    let at = next;
    while (at < pieces.length && pieces[at - 1]?.endsWord === false) at++;
    return at;
  }

  /** "the third of May", "the 3rd of May, nineteen eighty four". */
  private dayOfMonth(at: number): Found | null {
    const from = this.is(at, 'the') ? at + 1 : at;
    const day = this.reader.ordinal(from);
    if (!day || !isDay(day.value) || this.word(day.next, at) !== 'of') return null;
    const month = this.month(day.next + 1, at);
    return month ? this.date(month, day.value, day.next + 2) : null;
  }

  /** "May third", "May the third", "May twenty one". */
  private monthAndDay(at: number): Found | null {
    const month = this.month(at, at);
    if (!month) return null;
    const isThe = this.word(at + 1, at) === 'the';
    const from = isThe ? at + 2 : at + 1;
    if (this.word(from, at) === '') return null;
    const ordinal = this.reader.ordinal(from);
    const isCapital = month === this.written(at);
    if (ordinal && isDay(ordinal.value) && (isCapital || !isThe))
      return this.date(month, ordinal.value, ordinal.next);
    const number = isThe ? null : this.reader.read(from);
    if (!number || !/^(?:small|cardinal)$/.test(number.kind) || !isDay(number.value)) return null;
    // "in December one of them left", "last May two firms merged"
    const isCount =
      this.reader.isCounted(number.next) ||
      this.word(number.next, at) === 'of' ||
      this.reader.isBehind(at, BEFORE_MONTH);
    return isCount ? null : this.date(month, number.value, number.next);
  }

  private date(month: string, day: number, next: number): Found {
    const { pieces } = this.reader;
    const mark = takeMarks(this.texts[pieces[next - 1]?.word ?? -1] ?? '').after;
    const year = mark === '' || mark === ',' ? this.reader.read(next) : null;
    // "on May third two thousand people came"
    const isCount = year?.kind === 'cardinal' && this.reader.isCounted(year.next);
    const isYear = year && this.isYear(year) && !isCount;
    return isYear
      ? { next: year.next, texts: [month, `${day},`, String(year.value)] }
      : { next, texts: [month, String(day)] };
  }

  /** "half past two", "a quarter to three", "twenty past four". */
  private timeByHour(at: number): Found | null {
    const from = this.is(at, 'a') ? at + 1 : at;
    const word = this.word(from, at);
    const minutes = { half: 30, quarter: 15 }[word];
    const said = minutes === undefined ? this.reader.read(from) : null;
    const value = minutes ?? said?.value ?? 0;
    let next = minutes === undefined ? (said?.next ?? from) : from + 1;
    const saysMinutes = /^minutes?$/.test(this.word(next, at));
    if (saysMinutes) next++;
    const joint = this.word(next, at);
    const hour = joint === 'past' || joint === 'to' ? this.hour(next + 1, at) : null;
    if (!hour || value < 1 || value > 59 || value % 1 !== 0) return null;
    // "five to ten" may be a range, and "five to ten percent" is one
    const isAmount =
      this.reader.isCounted(hour.next) || this.reader.read(hour.next - 1)?.next !== hour.next;
    const isSaid = this.reader.isBehind(at, BEFORE_TO) && MINUTES_TO.has(value);
    const isSure = word === 'quarter' || (!isAmount && (isSaid || saysMinutes));
    if (joint === 'to' && !isSure) return null;
    return joint === 'past'
      ? { next: hour.next, texts: [clock(hour.value, value)] }
      : { next: hour.next, texts: [clock(hour.value === 1 ? 12 : hour.value - 1, 60 - value)] };
  }

  /** "five o'clock", "nine a.m.", "at two thirty", "six oh five p.m." */
  private time(at: number): Found | null {
    const hour = this.hour(at, at);
    if (!hour) return null;
    const isOh = /^(?:oh|o)$/.test(this.word(hour.next, at));
    const from = isOh ? hour.next + 1 : hour.next;
    const said = this.word(from, at) === '' ? null : this.reader.read(from);
    const isMinute = said !== null && said.value % 1 === 0 && said.kind !== 'digits';
    const fits = isMinute && (isOh ? said.value < 10 : said.value >= 10) && said.value < 60;
    if (fits) {
      const hasCue = this.reader.isBehind(at, BEFORE_TIME) || this.isHalfOfDay(said.next, at);
      // "at two thirty people left", but "at one twenty miles an hour"
      const isAmount = this.reader.isCounted(said.next) && !PERSONS.has(this.word(said.next));
      return hasCue && !isAmount
        ? { next: said.next, texts: [clock(hour.value, said.value)] }
        : null;
    }
    const isTime = /^o'?clock$/.test(this.word(hour.next, at)) || this.isHalfOfDay(hour.next, at);
    return isTime ? { next: hour.next, texts: [String(hour.value)] } : null;
  }

  private hour(at: number, from: number): { value: number; next: number } | null {
    const word = this.word(at, from);
    const value = HOURS.get(word) ?? (/^(?:[1-9]|1[0-2])$/.test(word) ? Number(word) : undefined);
    return value === undefined ? null : { value, next: at + 1 };
  }

  /** "nineteen eighties", "the nineteen tens", "eighteen hundreds", "the two thousands". */
  private decade(at: number): Found | null {
    const first = this.word(at, at);
    const ending = this.word(at + 1, at);
    if (first === 'two' && ending === 'thousands') return { next: at + 2, texts: ['2000s'] };
    const century = first === 'twenty' ? 20 : (TEENS.get(first) ?? 0);
    if (century > 10 && ending === 'hundreds') return { next: at + 2, texts: [`${century}00s`] };
    // "twenty tens" without one of these may be money
    const isTens = ending === 'tens' && this.reader.isBehind(at, BEFORE_DECADE);
    const decade = isTens ? 10 : DECADES.get(ending);
    if (century < 13 || decade === undefined) return null;
    return { next: at + 2, texts: [`${100 * century + decade}s`] };
  }

  /** From tenth on; smaller ones stay words. */
  private ordinal(at: number): Found | null {
    const found = this.reader.ordinal(at);
    if (!found || found.value < 10) return null;
    const before = at > 0 ? this.word(at - 1) : '';
    if (found.next === at + 1 && PART_BEFORE.test(before)) return null;
    // "twenty second delay" is a span of time, in which nobody writes the hyphen
    const isSpan =
      this.word(found.next - 1) === 'second' && this.reader.pieces[found.next - 2]?.endsWord;
    const isOne = before === 'the' || AFTER_ORDINAL.has(this.word(found.next, at));
    if (isSpan && !isOne) return null;
    return {
      next: found.next,
      texts: [`${found.value.toLocaleString('en-US')}${ordinalEnding(found.value)}`],
    };
  }

  private number(at: number): Found | null {
    // "ten minus two", "plus or minus two" are no negative numbers
    const isSum = at > 0 && (this.reader.readBehind(at) !== null || this.word(at - 1) === 'or');
    const isMinus = this.is(at, 'minus') && !isSum;
    const number =
      this.word(isMinus ? at + 1 : at, at) === '' ? null : this.reader.read(isMinus ? at + 1 : at);
    if (!number) return null;
    const sign = isMinus ? '-' : '';
    const shared = isMinus ? null : this.sharedScale(at, number);
    if (shared?.isSmall) return null;
    if (shared) return { next: number.next, texts: [shared.count, this.word(number.next - 1)] };
    const amount = this.money(at, number, sign);
    if (amount) return amount;
    const word = this.word(number.next, at);
    const isPerCent = word === 'per' && this.word(number.next + 1, at) === 'cent';
    // "2 million percent" keeps the word, as it keeps its "million"
    if ((word === 'percent' || isPerCent) && !number.text.includes(' '))
      return { next: number.next + (isPerCent ? 2 : 1), texts: [`${sign}${number.text}%`] };
    if (number.kind === 'figures' || this.reader.isParts(number.next)) return null;
    // "john three sixteen" is one number or two: better words than half of it in figures
    const isPlain = number.kind === 'cardinal' && number.value < 100 && !isMinus;
    const isHalf = isPlain && this.reader.readBehind(at)?.kind === 'small' && !this.is(at, 'a');
    const isOwn = this.reader.isCounted(number.next) || this.reader.read(number.next) !== null;
    if (isHalf && !isOwn) return null;
    if (number.kind === 'small' && !isMinus && !this.isMeasure(at, number)) return null;
    if (this.is(at, 'a') && number.next === at + 2) return null;
    const texts = (this.isSaidYear(at, number) ? String(number.value) : number.text).split(' ');
    return { next: number.next, texts: [sign + texts[0], ...texts.slice(1)] };
  }

  /** "twenty to thirty thousand dollars": the thousand is of both, and so are the dollars. */
  private sharedScale(at: number, { value, next }: ReadNumber) {
    const word = this.word(next - 1);
    const count = value / (word === 'hundred' ? 100 : (SCALES.get(word) ?? Number.NaN));
    const isJoined = RANGE_JOINT.test(this.word(at - 1));
    const before = this.reader.readBehind(isJoined ? at - 1 : at);
    const hasOther = this.reader.pieces.slice(at, next - 1).some(({ text }) => SCALES.has(text));
    if (!before || hasOther || !(before.value < count)) return null;
    // "one fifty thousand dollar prize"
    if (!isJoined && count > 2 * before.value) return null;
    const isSmall = before.kind === 'small' && count < 10 && count % 1 === 0;
    return { count: count.toLocaleString('en-US'), isSmall };
  }

  /** Whether a number below ten is in figures, too: "five degrees", "five to ten percent". */
  private isMeasure(at: number, { value, next }: ReadNumber): boolean {
    if (MEASURES.has(this.word(next, at))) return true;
    const isRange = RANGE_JOINT.test(this.word(next, at));
    const from = isRange ? next + 1 : next;
    const end = this.word(from, at) === '' ? null : this.reader.read(from);
    if (!end) return false;
    const following = this.word(end.next, at);
    // "five ten minutes"
    const isAbout = value >= 5 && end.value >= 10 && end.value - value <= 10;
    return isRange ? MEASURES.has(following) : isAbout && COUNTED.has(following);
  }

  /** "five dollars", "two million euros", "ten pounds and fifty pence". */
  private money(at: number, number: ReadNumber, sign: string): Found | null {
    const isOneOf = this.is(at, 'a') && number.next === at + 2;
    if (isOneOf || number.kind === 'digits') return null;
    const word = this.word(number.next, at);
    const isAnd = this.word(number.next + 1, at) === 'and';
    const from = number.next + (isAnd ? 2 : 1);
    const cents = this.word(from, at) === '' ? null : this.reader.read(from);
    const hasCents =
      cents !== null &&
      cents.value % 1 === 0 &&
      cents.value < 100 &&
      CENTS.has(this.word(cents.next, at));
    const currency = CURRENCIES.get(word) ?? (POUNDS.has(word) && hasCents ? '£' : undefined);
    // "twenty thirty dollars" are 20 to 30, but "two twenty dollar bills"
    const before = word.endsWith('s') ? this.reader.readBehind(at) : null;
    const isRange = before && before.value < number.value && number.value <= 2 * before.value;
    if (currency === undefined || isRange) return null;
    const [amount = '', ...scale] = number.text.split(' ');
    if (hasCents && scale.length === 0 && number.value % 1 === 0)
      return {
        next: cents.next + 1,
        texts: [`${sign}${currency}${amount}.${String(cents.value).padStart(2, '0')}`],
      };
    return { next: number.next + 1, texts: [`${sign}${currency}${amount}`, ...scale] };
  }

  /** "two thousand and five", "in fifteen hundred". */
  private isSaidYear(at: number, number: ReadNumber): boolean {
    if (!this.isYear(number) || this.reader.countsThings(at, number.next)) return false;
    const isOfThisCentury = number.value > 2000 && number.value < 2100;
    const isTold = this.reader.isBehind(at, BEFORE_YEAR) || this.isBesideYear(at, number.next);
    return isOfThisCentury || isTold;
  }

  /** "nineteen ninety to two thousand", "from two thousand to two thousand ten". */
  private isBesideYear(at: number, next: number): boolean {
    const before = JOINTS.has(this.word(at - 1)) ? this.reader.readBehind(at - 1) : null;
    const after =
      JOINTS.has(this.word(next, at)) && this.word(next + 1, at) !== ''
        ? this.reader.read(next + 1)
        : null;
    return [before, after].some(
      (year) => year && this.isYear(year) && (year.kind !== 'cardinal' || year.value > 2000),
    );
  }

  private isYear({ value, kind }: ReadNumber): boolean {
    return value % 1 === 0 && value >= 1000 && value < 2100 && kind !== 'decimal';
  }

  private isHalfOfDay(at: number, from: number): boolean {
    const word = this.word(at, from);
    if (/^[ap]$/.test(word)) return this.word(at + 1, from) === 'm';
    // "at nine am I"
    return HALF_OF_DAY.test(word) && !(word === 'am' && this.word(at + 1, from) === 'i');
  }

  /** A month's name, with a capital; `null` for none, and for other words that look like one. */
  private month(at: number, from: number): string | null {
    const word = this.word(at, from);
    if (!MONTHS.has(word)) return null;
    const name = word.charAt(0).toUpperCase() + word.slice(1);
    return DOUBTFUL_MONTHS.has(word) && this.written(at) !== name ? null : name;
  }

  /** Whether this word is there, and is followed by another. */
  private is(at: number, word: string): boolean {
    return this.word(at, at) === word && this.word(at + 1, at) !== '';
  }

  private word(at: number, from = at): string {
    return this.reader.at(at, from);
  }

  /** As it is written, without marks. */
  private written(at: number): string {
    return takeMarks(this.texts[this.reader.pieces[at]?.word ?? -1] ?? '').core;
  }
}

const HOURS = new Map(
  'one two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map((word, at) => [word, at + 1]),
);

const isDay = (value: number) => value >= 1 && value <= 31 && value % 1 === 0;
const clock = (hour: number, minutes: number) => `${hour}:${String(minutes).padStart(2, '0')}`;
