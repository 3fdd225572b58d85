/** Character codes of JSON's syntax. */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const SPACE = 0x20;

/** Member names are kept up to this length: those we look for are shorter. */
const NAME_LETTERS = 16;

/** Depth of the transcript's members: below the document and its transcript. */
const MEMBER_DEPTH = 2;

/**
 * Extracts the segments from a document's JSON as it arrives: each is yielded as a text of its own, and
 * the remaining document is small, so that nothing as large as the whole is ever parsed in one go.
 * It only follows the structure; invalid JSON is noticed when the texts are parsed.
 */
export class SegmentScanner {
  private depth = 0;
  /** Depth of the members of `segments` while in it, else 0. */
  private inside = 0;
  private inString = false;
  private isEscaped = false;
  /** The last string outside of segments: possibly a member's name. */
  private word = '';
  /** Names of the enclosing members, by depth up to `MEMBER_DEPTH`. */
  private readonly members = ['', '', ''];
  private readonly left: string[] = [];
  private readonly pending: string[] = [];
  private pendingLetters = 0;

  /** @param maxLetters a longer segment, or remaining document, fails with the error of `onTooLong` */
  constructor(
    private readonly maxLetters: number,
    private readonly onTooLong: () => Error,
  ) {}

  /** Takes a piece of the text. Yields each segment that ends in it. */
  *push(text: string): Generator<string> {
    // start of the text that has not been passed on yet
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const sign = text.charCodeAt(at);
      if (this.inString) {
        this.takeOfString(sign, text[at] ?? '');
      } else if (sign === QUOTE) {
        this.inString = true;
        this.word = '';
      } else if (sign === OPEN_OBJECT || sign === OPEN_ARRAY) {
        this.depth += 1;
        if (sign === OPEN_ARRAY && this.isSegments()) {
          this.keep(text.slice(from, at + 1));
          this.inside = this.depth;
          from = at + 1;
        }
      } else if (this.inside === 0) {
        if (sign === COLON && this.depth <= MEMBER_DEPTH) this.members[this.depth] = this.word;
        if (sign === CLOSE_OBJECT || sign === CLOSE_ARRAY) this.close();
      } else if (this.depth === this.inside && (sign === COMMA || sign === CLOSE_ARRAY)) {
        this.hold(text.slice(from, at));
        from = sign === COMMA ? at + 1 : at;
        const segment = this.release();
        if (segment !== '' || sign === COMMA) yield segment;
        if (sign === CLOSE_ARRAY) {
          this.inside = 0;
          this.close();
        }
      } else if (sign === CLOSE_OBJECT || sign === CLOSE_ARRAY) {
        this.close();
      }
    }
    if (this.inside === 0) this.keep(text.slice(from));
    else this.hold(text.slice(from));
  }

  /** The document without its segments: JSON with an empty list in their place. */
  rest(): string {
    return this.left.join('') + this.pending.join('');
  }

  private takeOfString(sign: number, letter: string): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (sign === BACKSLASH) this.isEscaped = true;
    else if (sign === QUOTE) {
      this.inString = false;
      return;
    }
    if (this.inside === 0 && this.word.length <= NAME_LETTERS) this.word += letter;
  }

  private isSegments(): boolean {
    return (
      this.inside === 0 &&
      this.depth === MEMBER_DEPTH + 1 &&
      this.members[1] === 'transcript' &&
      this.members[2] === 'segments'
    );
  }

  private close(): void {
    this.depth -= 1;
  }

  private keep(text: string): void {
    this.left.push(text);
    this.count(text);
  }

  private hold(text: string): void {
    this.pending.push(text);
    this.count(text);
  }

  private count(text: string): void {
    this.pendingLetters += text.length;
    if (this.pendingLetters > this.maxLetters) throw this.onTooLong();
  }

  /** The segment that was held; empty when nothing but space was. */
  private release(): string {
    const segment = this.pending.join('');
    this.pending.length = 0;
    this.pendingLetters = 0;
    return isBlank(segment) ? '' : segment;
  }
}

function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > SPACE) return false;
  return true;
}
