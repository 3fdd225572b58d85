/** What newer browsers have, and TypeScript's library does not know yet. */
type TransferableBuffer = ArrayBufferLike & { transfer?: (newLength: number) => ArrayBuffer };

/**
 * Gives the memory of a buffer back at once; nobody may use it any more. For many small buffers in a
 * worker that makes little other garbage: its collector lets tens of megabytes of them lie.
 */
export function freeBuffer(buffer: ArrayBufferLike): void {
  (buffer as TransferableBuffer).transfer?.(0);
}
