/**
 * Cuts a stream of bytes into blocks of one size, however the bytes come in. The last block is held
 * back until it is known to be the last, since it is sealed in another way.
 */
export class Blocks {
  private readonly block: Uint8Array<ArrayBuffer>;
  private filled = 0;

  constructor(private readonly sizeBytes: number) {
    this.block = new Uint8Array(sizeBytes);
  }

  /** Takes bytes. Yields each block behind which more bytes came: copies, free to keep. */
  *push(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
    let at = 0;
    while (at < bytes.length) {
      if (this.filled === this.sizeBytes) yield this.last();
      const taken = bytes.subarray(at, at + this.sizeBytes - this.filled);
      this.block.set(taken, this.filled);
      this.filled += taken.length;
      at += taken.length;
    }
  }

  /** What is left: the last block, empty when nothing came. */
  last(): Uint8Array<ArrayBuffer> {
    const block = this.block.slice(0, this.filled);
    this.filled = 0;
    return block;
  }
}
