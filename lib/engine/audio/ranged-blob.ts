/** Reads bytes `start` up to but without `end`; rejects when they cannot all be had. */
export type RangeReader = (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>;

/** What one pull of a stream reads. */
const PIECE_BYTES = 1 << 20;

/** Bytes that lie elsewhere, such as behind an address, as a `Blob`: they are read when they are asked for. */
export class RangedBlob extends Blob {
  readonly #read: RangeReader;
  readonly #start: number;
  readonly #end: number;

  /** @param sizeBytes of all that `read` can give */
  constructor(sizeBytes: number, read: RangeReader, start = 0, end = sizeBytes) {
    super();
    this.#read = read;
    this.#start = start;
    this.#end = end;
  }

  override get size(): number {
    return this.#end - this.#start;
  }

  override slice(start = 0, end = this.size): RangedBlob {
    const at = (position: number) =>
      this.#start +
      Math.min(this.size, position < 0 ? Math.max(0, this.size + position) : position);
    return new RangedBlob(this.#end, this.#read, at(start), Math.max(at(start), at(end)));
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    if (this.size === 0) return new ArrayBuffer(0);
    const bytes = await this.#read(this.#start, this.#end);
    const isWhole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
    return isWhole ? bytes.buffer : bytes.slice().buffer;
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let at = this.#start;
    return new ReadableStream(
      {
        pull: async (controller) => {
          const end = Math.min(at + PIECE_BYTES, this.#end);
          if (at < end) controller.enqueue(await this.#read(at, end));
          at = end;
          if (at === this.#end) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
  }
}

/** Blobs one after the other, as one; bytes that lie elsewhere stay there. */
export function joinBlobs(parts: readonly Blob[]): Blob {
  if (!parts.some((part) => part instanceof RangedBlob)) return new Blob([...parts]);
  const sizeBytes = parts.reduce((sum, { size }) => sum + size, 0);
  return new RangedBlob(sizeBytes, async (start, end) => {
    const bytes = new Uint8Array(end - start);
    let partStart = 0;
    for (const part of parts) {
      const from = Math.max(0, start - partStart);
      const to = Math.min(part.size, end - partStart);
      if (from < to)
        bytes.set(
          new Uint8Array(await part.slice(from, to).arrayBuffer()),
          partStart + from - start,
        );
      partStart += part.size;
    }
    return bytes;
  });
}
