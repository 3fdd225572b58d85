import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { z } from 'zod';
import { AppError, base64UrlBytes, fromBase64Url, toBase64Url } from '@/lib/core';
import { type TranscriptSegment, transcriptSegmentSchema } from '@/lib/transcript';

/** P-256: the curve that every browser and every Node has in WebCrypto. */
const kem = new DhkemP256HkdfSha256();

/** DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM of RFC 9180. */
const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** Bytes of an uncompressed point of P-256: public keys, and what begins a sealed text. */
const POINT_BYTES = 65;
/** Bytes of a private key of P-256. */
const SCALAR_BYTES = 32;

const bytesSchema = (length: number) =>
  z.string().refine((text) => fromBase64Url(text, length) !== null, 'Not a key of P-256');

/** A key pair of an owner, base64url: also what is saved as a file. */
export const ownerKeySchema = z.object({
  version: z.literal(1),
  publicKey: bytesSchema(POINT_BYTES),
  /** Opens everything that was sealed to the public key. */
  privateKey: bytesSchema(SCALAR_BYTES),
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
});
export type OwnerKey = z.infer<typeof ownerKeySchema>;

/** Makes a key pair. It can be written out: it has to reach the owner's other devices. */
export async function newOwnerKey(): Promise<OwnerKey> {
  const pair = await kem.generateKeyPair();
  const [publicKey, privateKey] = await Promise.all([
    kem.serializePublicKey(pair.publicKey),
    kem.serializePrivateKey(pair.privateKey),
  ]);
  return {
    version: 1,
    publicKey: toBase64Url(new Uint8Array(publicKey)),
    privateKey: toBase64Url(new Uint8Array(privateKey)),
    createdAt: new Date().toISOString(),
  };
}

/** Whether a text is a public key: 65 bytes that are a point of the curve. */
export async function isPublicKey(text: string): Promise<boolean> {
  const bytes = fromBase64Url(text, POINT_BYTES);
  if (!bytes) return false;
  try {
    await kem.deserializePublicKey(bytes.buffer);
    return true;
  } catch {
    return false; // no point of the curve: what is asked here
  }
}

/** The place of a batch, which is authenticated with it, so that no batch passes for another one. */
export interface BatchPlace {
  jobId: string;
  /** From 0. */
  ordinal: number;
}

/** Separates our sealed texts from any other use of the same key (HPKE `info`). */
const INFO = new TextEncoder().encode('ai2text inbox 1');
const placeBytes = ({ jobId, ordinal }: BatchPlace) =>
  new TextEncoder().encode(`${jobId} ${ordinal}`);

/**
 * Seals the segments of a batch. Only the key holder can read them, not even whoever sealed them.
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
