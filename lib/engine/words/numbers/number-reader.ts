import { SaidWords } from './said-words';
import {
  BEFORE_YEAR,
  COUNTED,
  COUNTED_ONE,
  DIGITS,
  MEASURED,
  OH,
  ORDINALS,
  PERSONS,
  SCALES,
  TEENS,
  TENS,
} from './vocabulary';

/** A number that was read. */
export interface ReadNumber {
  value: number;
  /** Index after its last piece. */
  next: number;
  /** How it is written where nothing else is known of it. */
  text: string;
  /**
   * `small`: one word for less than ten; `year`: said as two numbers of two figures; `figures`: written
   * so already; `digits`: one figure after another, or with dots.
   */
  kind: 'small' | 'cardinal' | 'year' | 'decimal' | 'digits' | 'figures';
}

/** Figures said one by one are put together from here on. */
const MIN_DIGITS = 3;
/** Behind other words, "ten thirty" is a time. */
const BEFORE_EARLY_YEAR = new Set(['in', 'year']);
/** Behind these, "point" begins a number and is no noun. */
const BEFORE_POINT = new Set(
  (
    'by of to from about around only just at with than is was under over nearly almost or and ' +
    'roughly approximately minus up down a'
  ).split(' '),
);
/** What a text in figures looks like. */
const FIGURES = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$|^\d+(?:\.\d+)?$/;

/** Reads numbers among the words of an English text. */
export class NumberReader extends SaidWords {
  /** The number that begins here. @returns `null` when none does */
  read(at: number): ReadNumber | null {
    return (
      this.figures(at) ??
      this.dotted(at) ??
      this.digits(at) ??
      this.year(at) ??
      this.shortHundred(at) ??
      this.belowOne(at) ??
      this.cardinal(at)
    );
  }

  /** The number right before a piece, with no mark between. */
  readBehind(at: number): ReadNumber | null {
    if (at > 0 && this.at(at, at - 1) === '') return null;
    for (let from = Math.max(0, at - 4); from < at; from++) {
      const number = this.read(from);
      if (number?.next === at) return number;
    }
    return null;
  }

  /** An ordinal: "third", "twenty-first", "one hundred and fifth". */
  ordinal(at: number): { value: number; next: number } | null {
    const written = /^(\d+)(?:st|nd|rd|th)$/.exec(this.at(at));
    if (written) return { value: Number(written[1]), next: at + 1 };
    let base = { value: 0, next: at };
    for (let next = at; next - at < MAX_PIECES && this.at(next, at) !== ''; next++) {
      const value = ORDINALS.get(this.at(next, at));
      if (value === undefined) continue;
      const before = next === at ? base : this.before(at, next);
      if (!before || before.next !== next) return null;
      base = before;
      // "ten second rule"
      const isTen = base.value % 100 === 10;
      const fits = value < 10 ? base.value % 10 === 0 && !isTen : base.value % 100 === 0;
      return fits ? { value: base.value + value, next: next + 1 } : null;
    }
    return null;
  }

  /** Two numbers below a hundred in a row, the second of two figures: "two thirty four". */
  pair(at: number): { first: string; second: string; next: number } | null {
    const first = this.belowHundred(at, at);
    if (!first || this.ordinal(first.next)) return null;
    const isOh = OH.has(this.at(first.next, at));
    const second = this.belowHundred(first.next + (isOh ? 1 : 0), at);
    if (!second || isOh !== second.value < 10 || this.isContinued(second.next, at)) return null;
    const text = String(second.value).padStart(2, '0');
    return { first: String(first.value), second: text, next: second.next };
  }

  /** Whether a number that looks like a year counts things, but not "in nineteen fifty people". */
  countsThings(at: number, next: number): boolean {
    const mayBeYear = PERSONS.has(this.at(next)) && BEFORE_YEAR.has(this.at(at - 1));
    return this.isCounted(next) && !COUNTED_ONE.has(this.at(next)) && !mayBeYear;
  }

  /** The cardinal from here up to a position, with an "and" after it. */
  private before(at: number, to: number): { value: number; next: number } | null {
    const last = this.at(to - 1) === 'and' ? to - 1 : to;
    const number = this.cardinalTo(at, last);
    return number && (last === to || number.value % 100 === 0)
      ? { value: number.value, next: to }
      : null;
  }

  private cardinalTo(at: number, to: number): ReadNumber | null {
    const number = this.cardinal(at);
    return number?.next === to && number.kind !== 'decimal' ? number : null;
  }

  private figures(at: number): ReadNumber | null {
    const text = this.at(at);
    if (!FIGURES.test(text)) return null;
    return this.scaled(
      { value: Number(text.replaceAll(',', '')), next: at + 1, text, kind: 'figures' },
      at,
    );
  }

  /** "five five five one two", "double oh seven", but no countdown: "three two one". */
  private digits(at: number): ReadNumber | null {
    let text = '';
    let next = at;
    for (;;) {
      const times = { double: 2, triple: 3 }[this.at(next, at)] ?? 1;
      const place = times > 1 ? next + 1 : next;
      const word = this.at(place, at);
      const digit = OH.has(word) ? 0 : DIGITS.get(word);
      if (digit === undefined || (text === '' && times === 1 && word !== 'zero' && digit === 0))
        break;
      text += String(digit).repeat(times);
      next = place + 1;
    }
    const following = this.at(next, at);
    const goesOn = following === 'hundred' || SCALES.has(following);
    if (text.length < MIN_DIGITS || goesOn || '9876543210'.includes(text)) return null;
    // "one oh five point three"
    const decimals = following === 'point' ? this.decimals(next + 1, at) : null;
    if (decimals) {
      const whole = `${text}.${decimals.text}`;
      return { value: Number(whole), next: decimals.next, text: whole, kind: 'decimal' };
    }
    return { value: Number(text), next, text, kind: 'digits' };
  }

  /** Versions and addresses: "three dot eleven", "two point one point three". */
  private dotted(at: number): ReadNumber | null {
    let part = this.dottedPart(at, at);
    let text = part?.text ?? '';
    let next = part?.next ?? at;
    let points = 0;
    let isDot = false;
    while (part && /^(?:dot|point)$/.test(this.at(next, at))) {
      part = this.dottedPart(next + 1, at);
      if (!part) break;
      isDot ||= this.at(next, at) === 'dot';
      points++;
      text += `.${part.text}`;
      next = part.next;
    }
    const isOne = points > 1 || (points === 1 && isDot);
    return isOne ? { value: Number.parseFloat(text), next, text, kind: 'digits' } : null;
  }

  /** "one ninety two", "one nine two", "eleven". */
  private dottedPart(at: number, from: number): { text: string; next: number } | null {
    const part = this.decimals(at, from);
    const tens = part?.text.length === 1 ? this.belowHundred(part.next, from) : null;
    if (part && tens) return { text: part.text + tens.value, next: tens.next };
    const number = this.belowThousand(at, from);
    return number && number.next > (part?.next ?? at)
      ? { text: String(number.value), next: number.next }
      : part;
  }

  /** "nineteen eighty four", "twenty twenty", "nineteen oh five". */
  private year(at: number): ReadNumber | null {
    const first = this.at(at);
    const century = first === 'twenty' ? 20 : (TEENS.get(first) ?? 0);
    // "in ten sixty six"
    const isEarly = century >= 10 && century < 13 && this.isBehind(at, BEFORE_EARLY_YEAR);
    if (century < 13 && !isEarly) return null;
    const isOh = OH.has(this.at(at + 1, at));
    const rest = this.belowHundred(isOh ? at + 2 : at + 1, at);
    if (!rest || (isOh ? rest.value >= 10 : rest.value < 10)) return null;
    if (this.isContinued(rest.next, at)) return null;
    const counts = this.countsThings(at, rest.next);
    if (isEarly && this.isCounted(rest.next)) return null;
    if (this.isTwoNumbers(at, century, rest)) return null;
    const value = 100 * century + rest.value;
    return counts
      ? { value, next: rest.next, text: cardinalText(value, false), kind: 'cardinal' }
      : { value, next: rest.next, text: String(value), kind: 'year' };
  }

  /** Whether what looks like a year is two numbers: "fifteen twenty minutes" are 15 to 20. */
  private isTwoNumbers(
    at: number,
    first: number,
    { value, next }: { value: number; next: number },
  ) {
    const isAfterCue = BEFORE_YEAR.has(this.at(at - 1));
    // "fifteen thirty minute sessions"
    if (COUNTED_ONE.has(this.at(next, at)) && !isAfterCue) return true;
    if (!isRange(first, value)) return false;
    if (this.countsThings(at, next) || COUNTED_ONE.has(this.at(next, at))) return true;
    // "twenty thirty forty"
    const before = TEENS.get(this.at(at - 1)) ?? TENS.get(this.at(at - 1));
    const after = this.belowHundred(next, at);
    if (before !== undefined && isRange(before, first)) return true;
    if (after && isRange(value, after.value)) return true;
    // "fifteen-twenty", but "nineteen-twenty" and "twenty-twenty-five"
    const isPair = this.pieces[at]?.endsWord === false && next === at + 2;
    return isPair && first % 5 === 0 && value % 5 === 0 && !isAfterCue;
  }

  /** "three fifty degrees", "one twenty miles": the "hundred" is not said. */
  private shortHundred(at: number): ReadNumber | null {
    const hundreds = DIGITS.get(this.at(at)) ?? 0;
    const rest = TENS.has(this.at(at + 1, at)) ? this.belowHundred(at + 1, at) : null;
    if (hundreds === 0 || !rest) return null;
    const value = 100 * hundreds + rest.value;
    const text = String(value);
    if (MEASURED.has(this.at(rest.next, at)))
      return { value, next: rest.next, text, kind: 'cardinal' };
    // "one fifty thousand people", but "one fifty thousand dollar prize"
    const word = this.at(rest.next, at);
    const scale = SCALES.get(word);
    if (scale === undefined || !COUNTED.has(this.at(rest.next + 1, at))) return null;
    const scaled = cardinalText(value * scale, scale >= 1e6 && word);
    return { value: value * scale, next: rest.next + 1, text: scaled, kind: 'cardinal' };
  }

  /** "oh point five", "point five percent", but "at this point five miles". */
  private belowOne(at: number): ReadNumber | null {
    const isOh = OH.has(this.at(at)) && this.at(at + 1, at) === 'point';
    if (!isOh && this.at(at) !== 'point') return null;
    const decimals = this.decimals(isOh ? at + 2 : at + 1, at);
    if (!decimals) return null;
    const { next } = decimals;
    const before = at > 0 ? this.at(at - 1) : '';
    if (DIGITS.has(before) || TEENS.has(before) || TENS.has(before)) return null;
    const isFirst = at === 0 || this.at(at, at - 1) === '';
    const isParted = this.isCounted(next) && !PERSONS.has(this.at(next));
    const isNumber = (isFirst || BEFORE_POINT.has(before)) && isParted;
    if (!isOh && !isNumber) return null;
    const text = `0.${decimals.text}`;
    return this.scaled({ value: Number(text), next, text, kind: 'decimal' }, at);
  }

  private cardinal(at: number): ReadNumber | null {
    let value = 0;
    let next = at;
    let least = Number.POSITIVE_INFINITY;
    for (;;) {
      const group = this.belowThousand(next, at);
      if (!group) break;
      const scale = SCALES.get(this.at(group.next, at));
      const ends = scale === undefined || scale >= least;
      // "two thousand ten thousand" are two
      if (ends && (group.value >= least || scale !== undefined)) break;
      value += group.value * (ends ? 1 : scale);
      next = ends ? group.next : group.next + 1;
      if (ends) break;
      least = scale;
      // "two thousand and five"
      const after = this.at(next, at) === 'and' ? this.belowHundred(next + 1, at) : null;
      if (after && !SCALES.has(this.at(after.next, at)) && this.at(after.next, at) !== 'hundred') {
        value += after.value;
        next = after.next;
        break;
      }
    }
    if (next === at) return this.at(at) === 'zero' ? this.withDecimals(at, 0, at + 1) : null;
    return this.withDecimals(at, value, next);
  }

  /** "three point one four", "two and a half", "two point five million". */
  private withDecimals(at: number, value: number, next: number): ReadNumber {
    const isHalf = ['and', 'a', 'half'].every((word, index) => this.at(next + index, at) === word);
    // "a million and a half"
    const scale = isHalf ? SCALES.get(this.at(next - 1)) : undefined;
    if (scale !== undefined) {
      const more = value + scale / 2;
      const text = cardinalText(more, this.saysScale(at, next));
      return { value: more, next: next + 3, text, kind: 'cardinal' };
    }
    const isPoint = this.at(next, at) === 'point';
    const half = isHalf ? { text: '5', next: next + 3 } : null;
    const decimals = half ?? (isPoint ? this.decimals(next + 1, at) : null);
    if (!decimals) {
      const kind = value < 10 && next === at + 1 ? 'small' : 'cardinal';
      return { value, next, text: cardinalText(value, this.saysScale(at, next)), kind };
    }
    return this.scaled(
      {
        value: Number(`${value}.${decimals.text}`),
        next: decimals.next,
        text: `${cardinalText(value, false)}.${decimals.text}`,
        kind: 'decimal',
      },
      at,
    );
  }

  /** A number of figures before "million": "2.5 million". */
  private scaled(number: ReadNumber, from: number): ReadNumber {
    const word = this.at(number.next, from);
    const scale = SCALES.get(word);
    if (scale === undefined) return number;
    return {
      ...number,
      value: number.value * scale,
      next: number.next + 1,
      text: `${number.text} ${word}`,
    };
  }

  /** Figures one by one, or a number of two: "one four", "twenty five". */
  private decimals(at: number, from: number): { text: string; next: number } | null {
    let text = '';
    let next = at;
    for (; ; next++) {
      const word = this.at(next, from);
      const digit = OH.has(word) ? 0 : DIGITS.get(word);
      if (digit === undefined) break;
      text += digit;
    }
    if (text !== '') return { text, next };
    const number = this.belowHundred(at, from);
    return number && { text: String(number.value), next: number.next };
  }

  /** "four hundred and twelve", "fifteen hundred", "a hundred". */
  private belowThousand(at: number, from: number): { value: number; next: number } | null {
    const isA =
      this.at(at, from) === 'a' &&
      /^(?:hundred|thousand|million|billion)$/.test(this.at(at + 1, from));
    const first = isA ? { value: 1, next: at + 1 } : this.belowHundred(at, from);
    if (!first || this.at(first.next, from) !== 'hundred') return first;
    if (first.value % 10 === 0) return first.value === 0 ? null : first;
    const value = 100 * first.value;
    const next = first.next + 1;
    // "eight hundred five five five": of a telephone
    if (this.digits(next)) return { value, next };
    const rest = this.belowHundred(this.at(next, from) === 'and' ? next + 1 : next, from);
    // "a hundred two hundred" are two
    return rest && this.at(rest.next, from) !== 'hundred'
      ? { value: value + rest.value, next: rest.next }
      : { value, next };
  }

  private belowHundred(at: number, from: number): { value: number; next: number } | null {
    const word = this.at(at, from);
    const tens = TENS.get(word);
    const ones = DIGITS.get(this.at(tens === undefined ? at : at + 1, from)) || undefined;
    if (tens !== undefined)
      return ones === undefined
        ? { value: tens, next: at + 1 }
        : { value: tens + ones, next: at + 2 };
    const value = TEENS.get(word) ?? ones;
    return value === undefined ? null : { value, next: at + 1 };
  }

  /** The scale that a number ends with and that is written out: "two million". */
  private saysScale(at: number, next: number): string | false {
    const word = this.at(next - 1);
    const isAlone = [...Array(next - 1 - at).keys()].every(
      (index) => !SCALES.has(this.at(at + index)),
    );
    return (SCALES.get(word) ?? 0) >= 1e6 && isAlone ? word : false;
  }
}

const MAX_PIECES = 12;

/** Whether two numbers in a row are about how many: "fifteen twenty". */
export function isRange(first: number, second: number): boolean {
  return second > first && second - first <= 10;
}

/** Figures with commas; whole millions with their word. */
function cardinalText(value: number, scale: string | false): string {
  if (scale) return `${(value / (SCALES.get(scale) ?? 1)).toLocaleString('en-US')} ${scale}`;
  return value.toLocaleString('en-US');
}
