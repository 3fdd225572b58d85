import { z } from 'zod';
import { fromBase64Url, toBase64Url } from '@/lib/core';
import { kem, POINT_BYTES, SCALAR_BYTES } from './suite';

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
