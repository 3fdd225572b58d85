import {
  CURRENCIES,
  FIGURES,
  NUMBER_WORDS,
  type NumberWord,
  REPEATS,
  SIGNS,
  ZEROS,
} from './number-words';

/**
 * Spoken numbers to figures, by the conventions of the Whisper English normaliser: `twenty one` is
 * `21`, `nineteen ninety nine` is `1999`, `two eight nine` is `289`, `third` is `3rd`,
 * `five dollars` is `$5`, `ten percent` is `10%`; a lone `one` stays a word.
 */

/** Rewrites the spoken numbers among words. Words must be in lower case. */
export function figures(words: readonly string[]): string[] {
  const out: string[] = [];
  for (let at = 0; at < words.length; ) {
    const phrase = new Phrase(words, at);
    const text = phrase.read();
    if (text === null) {
      out.push(words[at] ?? '');
      at += 1;
    } else {
      out.push(text);
      at = phrase.next;
    }
  }
  return joinCents(out).map((word) => (word === '1' ? 'one' : word === '1s' ? 'ones' : word));
}

/** One run of words that make a number. */
class Phrase {
  next: number;
  private prefix = '';
  /** Digits so far; figures said one after another are strung together. */
  private digits: string | null = null;
  /** What the last word added, which says how the next one joins. */
  private last: NumberWord['kind'] | 'zero' | 'figures' | null = null;
  private strung = false;

  constructor(
    private readonly words: readonly string[],
    start: number,
  ) {
    this.next = start;
  }

  /** @returns the number as figures, or `null` when there is none here */
  read(): string | null {
    const sign = SIGNS.get(this.word() ?? '');
    if (sign && this.isNumber(this.next + 1)) {
      this.prefix = sign;
      this.next += 1;
    }
    for (;;) {
      const ending = this.take();
      if (ending === null) break;
      if (ending !== '') return this.finish(ending);
    }
    return this.digits === null ? null : this.finish('');
  }

  /** Takes the next word into the number. @returns its ending, or `null` when it does not belong */
  private take(): string | null {
    const word = this.word();
    if (word === undefined) return null;
    const found = NUMBER_WORDS.get(word);
    if (found) return this.add(found);
    if (ZEROS.has(word)) return this.addZero(word);
    const repeat = REPEATS.get(word);
    if (repeat) return this.addRepeated(repeat);
    if (word === 'point') return this.addPoint();
    if (word === 'and') return this.passAnd();
    const written = FIGURES.exec(word);
    if (written && this.digits === null) {
      this.prefix += written[1] ?? '';
      this.digits = written[2] ?? '';
      this.last = 'figures';
      this.next += 1;
      return '';
    }
    return null;
  }

  private add({ kind, value, ending }: NumberWord): string | null {
    if (kind === 'scale') {
      if (!this.multiply(value)) return null;
    } else if (!this.append(kind, value)) return null;
    this.last = kind;
    this.next += 1;
    return ending;
  }

  /** `two thousand three` + `hundred`: what is below a thousand is multiplied. */
  private multiply(scale: number): boolean {
    const value = Number(this.digits ?? 1);
    const below = scale === 100 ? value % 1000 : value % Math.max(1000, scale);
    const above = value - below;
    const product = above + (below === 0 ? 0 : below * scale);
    if (below === 0 || !Number.isSafeInteger(Math.round(product))) return false;
    // decimals are multiplied in tenths of what a float can hold: 2.5 million
    this.digits = String(Number(product.toPrecision(15)));
    this.strung = false;
    return true;
  }

  private append(kind: 'ones' | 'tens', value: number): boolean {
    const { digits, last } = this;
    if (digits === null) {
      this.digits = String(value);
      return true;
    }
    if (digits.includes('.')) {
      // behind the point figures are read out one by one
      if (last === 'figures') return false;
      this.digits = digits + value;
      return true;
    }
    if (last === 'figures') return false;
    const joins =
      kind === 'ones' && last === 'tens' && value < 10
        ? digits.endsWith('0')
        : last === 'scale' && Number(digits) % (kind === 'tens' || value > 9 ? 100 : 10) === 0;
    if (joins && !this.strung && last === 'scale') this.digits = String(Number(digits) + value);
    else if (joins && last === 'tens') this.digits = digits.slice(0, -1) + value;
    else {
      this.digits = digits + value;
      this.strung = true;
    }
    return true;
  }

  private addZero(word: string): string | null {
    // `oh` is a zero among figures only
    const spoken = word === 'zero';
    const among = this.digits !== null ? this.last !== 'scale' : false;
    if (!spoken && !(among || (this.digits === null && this.isDigit(this.next + 1)))) return null;
    if (this.last === 'figures') return null;
    this.digits = `${this.digits ?? ''}0`;
    this.last = 'zero';
    this.strung = true;
    this.next += 1;
    return '';
  }

  private addRepeated(times: number): string | null {
    const word = this.words[this.next + 1] ?? '';
    const digit = ZEROS.has(word) ? 0 : NUMBER_WORDS.get(word);
    const value = typeof digit === 'object' ? (digit.ending === '' ? digit.value : 10) : digit;
    if (value === undefined || value > 9 || this.last === 'figures') return null;
    this.digits = (this.digits ?? '') + String(value).repeat(times);
    this.last = 'ones';
    this.strung = true;
    this.next += 2;
    return '';
  }

  private addPoint(): string | null {
    if (this.digits === null || this.digits.includes('.')) return null;
    if (!this.isDigit(this.next + 1)) return null;
    this.digits += '.';
    this.last = 'ones';
    this.strung = true;
    this.next += 1;
    return '';
  }

  /** `one hundred and one`; `two and a half`; else `and` is a word of its own. */
  private passAnd(): string | null {
    if (this.digits === null) return null;
    if (this.words[this.next + 1] === 'a' && this.words[this.next + 2] === 'half') {
      if (this.digits.includes('.')) return null;
      this.digits += '.5';
      this.last = 'figures';
      this.next += 3;
      return '';
    }
    const after = NUMBER_WORDS.get(this.words[this.next + 1] ?? '');
    if (this.last !== 'scale' || !after || after.kind === 'scale') return null;
    this.next += 1;
    return '';
  }

  private finish(ending: string): string {
    const word = this.word() ?? '';
    const currency = CURRENCIES.get(word);
    if (ending === '' && currency && !/[$£€¢]/.test(this.prefix)) {
      this.next += 1;
      return `${this.prefix}${currency}${this.digits}`;
    }
    const percent = word === 'percent' || (word === 'per' && this.words[this.next + 1] === 'cent');
    if (ending === '' && percent) {
      this.next += word === 'per' ? 2 : 1;
      return `${this.prefix}${this.digits}%`;
    }
    return `${this.prefix}${this.digits}${ending}`;
  }

  private word(): string | undefined {
    return this.words[this.next];
  }

  private isNumber(at: number): boolean {
    const word = this.words[at] ?? '';
    return NUMBER_WORDS.has(word) || word === 'zero' || FIGURES.test(word);
  }

  private isDigit(at: number): boolean {
    const word = this.words[at] ?? '';
    const found = NUMBER_WORDS.get(word);
    return ZEROS.has(word) || (found !== undefined && found.kind !== 'scale' && found.value < 20);
  }
}

/** `$2 and ¢50` is `$2.50`; `¢50` alone stays. */
function joinCents(words: readonly string[]): string[] {
  const out: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const skip = words[at + 1] === 'and' ? 2 : 1;
    const cents = /^¢(\d{1,2})$/.exec(words[at + skip] ?? '');
    if (/^[$£€]\d+$/.test(word) && cents) {
      out.push(`${word}.${(cents[1] ?? '').padStart(2, '0')}`);
      at += skip;
    } else out.push(word);
  }
  return out;
}
