/** Size of a chunk's name and length in RIFF. */
const CHUNK_HEADER_BYTES = 8;

/** What a WAV file's header tells. */
export interface WavShape {
  rateHz: number;
  channels: number;
}

/** Takes apart a WAV file of 32-bit floats as it is written, in any pieces. */
export class WavStream {
  #header: Uint8Array = new Uint8Array(0);
  #inData = false;
  /** The beginning of a frame whose rest is still to come. */
  #partial = new Uint8Array(4);
  #partialLength = 0;

  /**
   * @param onHeader gets rate and channels, once, before the first samples
   * @param onSamples gets whole frames, interleaved, in a buffer of their own
   */
  constructor(
    private readonly onHeader: (shape: WavShape) => void,
    private readonly onSamples: (samples: Float32Array<ArrayBuffer>) => void,
  ) {}

  write(bytes: Uint8Array): void {
    if (this.#inData) {
      this.#samples(bytes);
      return;
    }
    const all = new Uint8Array(this.#header.length + bytes.length);
    all.set(this.#header);
    all.set(bytes, this.#header.length);
    const dataAt = this.#readHeader(all);
    if (dataAt === null) this.#header = all;
    else {
      this.#inData = true;
      this.#header = new Uint8Array(0);
      this.#samples(all.subarray(dataAt));
    }
  }

  /** @returns where the samples begin; `null` when the header is not whole yet */
  #readHeader(bytes: Uint8Array): number | null {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const shape: WavShape = { rateHz: 0, channels: 1 };
    let at = 12;
    while (at + CHUNK_HEADER_BYTES <= bytes.length) {
      const name = view.getUint32(at);
      const length = view.getUint32(at + 4, true);
      at += CHUNK_HEADER_BYTES;
      if (name === 0x666d7420 && at + 8 <= bytes.length) {
        shape.channels = view.getUint16(at + 2, true);
        shape.rateHz = view.getUint32(at + 4, true);
      }
      if (name === 0x64617461) {
        this.#partial = new Uint8Array(4 * shape.channels);
        this.onHeader(shape);
        return at;
      }
      at += length + (length & 1);
    }
    return null;
  }

  #samples(bytes: Uint8Array): void {
    const total = this.#partialLength + bytes.length;
    const frameBytes = this.#partial.length;
    const wholeBytes = Math.floor(total / frameBytes) * frameBytes;
    const buffer = new ArrayBuffer(wholeBytes);
    const out = new Uint8Array(buffer);
    if (wholeBytes === 0) {
      this.#partial.set(bytes, this.#partialLength);
      this.#partialLength = total;
      return;
    }
    const taken = wholeBytes - this.#partialLength;
    out.set(this.#partial.subarray(0, this.#partialLength));
    out.set(bytes.subarray(0, taken), this.#partialLength);
    this.#partial.set(bytes.subarray(taken));
    this.#partialLength = bytes.length - taken;
    this.onSamples(new Float32Array(buffer));
  }
}
