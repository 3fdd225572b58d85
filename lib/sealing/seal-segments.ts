import { z } from 'zod';
import { AppError, base64UrlBytes, fromBase64Url, toBase64Url } from '@/lib/core';
import { type TranscriptSegment, transcriptSegmentSchema } from '@/lib/transcript';
import type { OwnerKey } from './owner-key';
import { kem, POINT_BYTES, SCALAR_BYTES, suite } from './suite';

/** Where a batch belongs: authenticated with it, so that none passes for another one. */
export interface BatchPlace {
  jobId: string;
  /** From 0. */
  ordinal: number;
}

/** Sets our texts apart from any other use of the same key. */
const INFO = new TextEncoder().encode('ai2text inbox 1');
const placeBytes = ({ jobId, ordinal }: BatchPlace) =>
  new TextEncoder().encode(`${jobId} ${ordinal}`);

/**
 * Seals the segments of a batch. Nobody but the holder of the private key can read them, not even who sealed them.
 * @param publicKey base64url
 * @returns base64url: the encapsulated key, then the ciphertext
 * @throws BAD_REQUEST: this is not a public key
 */
export async function sealSegments(
  publicKey: string,
  place: BatchPlace,
  segments: readonly TranscriptSegment[],
): Promise<string> {
  const bytes = fromBase64Url(publicKey, POINT_BYTES);
  if (!bytes) throw new AppError('BAD_REQUEST', 'The public key of the owner is not one.');
  const recipientPublicKey = await kem.deserializePublicKey(bytes.buffer);
  const text = new TextEncoder().encode(JSON.stringify(segments));
  const { enc, ct } = await suite.seal(
    { recipientPublicKey, info: INFO.buffer },
    text.buffer,
    placeBytes(place).buffer,
  );
  const sealed = new Uint8Array(enc.byteLength + ct.byteLength);
  sealed.set(new Uint8Array(enc));
  sealed.set(new Uint8Array(ct), enc.byteLength);
  return toBase64Url(sealed);
}

/**
 * Opens what `sealSegments` made.
 * @throws INBOX_DECRYPT_FAILED: it was sealed to another key or for another place, or was changed
 */
export async function openSegments(
  { privateKey }: Pick<OwnerKey, 'privateKey'>,
  place: BatchPlace,
  sealed: string,
): Promise<TranscriptSegment[]> {
  try {
    const bytes = base64UrlBytes(sealed);
    const scalar = fromBase64Url(privateKey, SCALAR_BYTES);
    if (!scalar) throw new AppError('BAD_REQUEST', 'The private key is not one.');
    const text = await suite.open(
      {
        recipientKey: await kem.deserializePrivateKey(scalar.buffer),
        enc: bytes.slice(0, POINT_BYTES).buffer,
        info: INFO.buffer,
      },
      bytes.slice(POINT_BYTES).buffer,
      placeBytes(place).buffer,
    );
    return z.array(transcriptSegmentSchema).parse(JSON.parse(new TextDecoder().decode(text)));
  } catch (cause) {
    throw new AppError('INBOX_DECRYPT_FAILED', 'A batch is not what was sealed to this key.', {
      cause,
    });
  }
}
