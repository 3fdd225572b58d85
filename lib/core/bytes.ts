/** Bytes as base64url without padding: what fits into an address and a header. */
export function toBase64Url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * The bytes of a text in base64url; `null` when it is not exactly `length` bytes, or not written
 * the one way `toBase64Url` writes them: two spellings of one id would have two hashes.
 */
export function fromBase64Url(text: string, length: number): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]*$/.test(text) || text.length !== Math.ceil((length * 4) / 3)) return null;
  const bytes = base64UrlBytes(text);
  return toBase64Url(bytes) === text ? bytes : null;
}

/** The bytes of any text in base64url. @throws DOMException for a text that is not one */
export function base64UrlBytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** What newer browsers have, and TypeScript's library does not know yet. */
type TransferableBuffer = ArrayBufferLike & { transfer?: (newLength: number) => ArrayBuffer };

/**
 * Gives the memory of a buffer back at once; nobody may use it any more. For many small buffers in a
 * worker that makes little other garbage: its collector lets tens of megabytes of them lie.
 */
export function freeBuffer(buffer: ArrayBufferLike): void {
  (buffer as TransferableBuffer).transfer?.(0);
}
