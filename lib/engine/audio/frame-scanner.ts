import { FRAME_HEADER_BYTES, type FrameHeader, readFrameHeader, sameStream } from './mpeg-frames';
import { readBytes } from './probe';

/** One frame and where it lies. */
export interface Frame {
  header: FrameHeader;
  data: Uint8Array;
  startByte: number;
  /** Bytes in front of it that belong to no frame. */
  skippedBytes: number;
}

const WINDOW_BYTES = 1 << 20;
/** The longest frame of either format (ADTS: 13 bits), and the headers that must follow it. */
const LOOKAHEAD_BYTES = 3 * 8192;

/**
 * Cuts a bare stream of MPEG audio or ADTS frames out of a source, window by window. Bytes that
 * are not frames are skipped: after a break, a frame counts only when two more follow it.
 */
export class FrameScanner {
  readonly #source: Blob;
  #window: Uint8Array = new Uint8Array(0);
  #windowStart: number;
  #at = 0;
  #last: FrameHeader | null = null;
  #skipped = 0;

  constructor(source: Blob, startByte: number) {
    this.#source = source;
    this.#windowStart = startByte;
  }

  /** Bytes at the end that belong to no frame; known once `next` gave `null`. */
  get trailingBytes(): number {
    return this.#skipped;
  }

  /** The next frame; `null` after the last whole one. Gives a promise only to read the source. */
  next(): Frame | null | Promise<Frame | null> {
    const needed = this.#at + LOOKAHEAD_BYTES;
    if (
      needed >= this.#window.length &&
      this.#windowStart + this.#window.length < this.#source.size
    )
      return this.#slide().then(() => this.#cut());
    return this.#cut();
  }

  /** Mean length of the frames that follow, as far as they were read already; `null` for none. */
  meanFrameBytes(): number | null {
    let at = this.#at;
    let frames = 0;
    for (; at < this.#window.length; frames++) {
      const header = readFrameHeader(this.#window, at);
      if (!header) break;
      at += header.lengthBytes;
    }
    return frames === 0 ? null : (at - this.#at) / frames;
  }

  #cut(): Frame | null | Promise<Frame | null> {
    const window = this.#window;
    const isLastWindow = this.#windowStart + window.length >= this.#source.size;
    const searchEnd = window.length - (isLastWindow ? FRAME_HEADER_BYTES - 1 : LOOKAHEAD_BYTES);
    let at = this.#at;
    for (; at < searchEnd; at++) {
      if (window[at] !== 0xff) continue;
      const header = readFrameHeader(window, at);
      if (!header || at + header.lengthBytes > window.length) continue;
      if (!this.#isTrusted(header, at, isLastWindow)) continue;
      const skippedBytes = this.#skipped + at - this.#at;
      this.#skipped = 0;
      this.#last = header;
      this.#at = at + header.lengthBytes;
      return {
        header,
        data: window.subarray(at, this.#at),
        startByte: this.#windowStart + at,
        skippedBytes,
      };
    }
    if (isLastWindow) at = window.length;
    this.#skipped += at - this.#at;
    this.#at = at;
    return isLastWindow ? null : this.next();
  }

  /** Right after a frame of the stream one matching header will do; else three must chain. */
  #isTrusted(header: FrameHeader, at: number, isLastWindow: boolean): boolean {
    const last = this.#last;
    const inStep = at === this.#at && this.#skipped === 0 && last && sameStream(last, header);
    if (inStep) return true;
    let next = at + header.lengthBytes;
    for (let more = 0; more < 2; more++) {
      if (isLastWindow && next + FRAME_HEADER_BYTES > this.#window.length)
        // the end of the source: what is left may close a stream, or be all of a very short one
        return last !== null ? sameStream(last, header) : next === this.#window.length;
      const following = readFrameHeader(this.#window, next);
      if (!following || !sameStream(header, following)) return false;
      next += following.lengthBytes;
    }
    return true;
  }

  async #slide(): Promise<void> {
    const start = this.#windowStart + this.#at;
    this.#window = await readBytes(this.#source, start, WINDOW_BYTES);
    this.#windowStart = start;
    this.#at = 0;
  }
}
