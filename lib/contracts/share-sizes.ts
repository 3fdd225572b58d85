/** Plain bytes sealed as one chunk. */
export const CHUNK_BYTES = 2 ** 20;

/** What AES-GCM adds to a chunk so that a change of it is seen. */
export const TAG_BYTES = 16;

/** Format, version and kind, then random bytes of the nonces: see `envelope.ts`. */
export const HEADER_BYTES = 12;

/** Sealed audio goes to and from the server in parts of this size; the last one is shorter. */
export const PART_BYTES = 8 * 2 ** 20;

/** The largest sealed document and sealed audio that the server takes. */
export const MAX_DOCUMENT_BYTES = 32 * 2 ** 20;
export const MAX_AUDIO_BYTES = 4 * 2 ** 30;

/** How many bytes so many plain ones are when they are sealed. */
export function sealedBytes(plainBytes: number): number {
  return HEADER_BYTES + plainBytes + Math.max(1, Math.ceil(plainBytes / CHUNK_BYTES)) * TAG_BYTES;
}

/** How many parts sealed audio has. */
export function partCount(sealed: number): number {
  return Math.ceil(sealed / PART_BYTES);
}

/** The size of part `part` (from 0) of sealed audio; 0 when there is no such part. */
export function partSize(sealed: number, part: number): number {
  return Math.max(0, Math.min(PART_BYTES, sealed - part * PART_BYTES));
}
