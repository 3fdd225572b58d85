import { AppError, fromBase64Url, toBase64Url } from '@/lib/core';
import { ID_BYTES, SECRET_BYTES } from './link';

/** Rounds of PBKDF2-SHA256 for a password (OWASP's figure): half a second on a slow phone. */
const PASSWORD_ROUNDS = 600_000;

const KEY_BITS = 256;

/** Bytes of the key that a reader shows the server. */
export const AUTH_KEY_BYTES = KEY_BITS / 8;

/** Sets our keys apart from each other, and from any other use of the same secret. */
const INFO = {
  document: 'ai2text share 1 document',
  audio: 'ai2text share 1 audio',
  live: 'ai2text share 1 live',
  auth: 'ai2text share 1 auth',
  password: 'ai2text share 1 password',
} as const;

/** What a link, and its password where it has one, open. */
export interface ShareKeys {
  /** AES-GCM, for the sealed document. */
  document: CryptoKey;
  /** AES-GCM, for the sealed audio. */
  audio: CryptoKey;
  /** AES-GCM, for the frames of live text. */
  live: CryptoKey;
  /** Shown to the server, which gives the ciphertext out for it; base64url. Opens nothing itself. */
  auth: string;
}

/** Whether this page may encrypt: browsers allow it over https and on localhost only. */
export function canEncrypt(): boolean {
  return typeof crypto !== 'undefined' && crypto.subtle !== undefined;
}

/** A new link's id and secret, base64url. */
export function newShareSecret(): { id: string; secret: string } {
  const random = (bytes: number) => toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));
  return { id: random(ID_BYTES), secret: random(SECRET_BYTES) };
}

/**
 * The keys of a share. The password goes into all of them: without the right one the server, which
 * knows only the hash of the auth key, gives no ciphertext out to try others on.
 * @param password `null` or empty: the share has none
 * @throws AppError SHARE_LINK_INVALID
 */
export async function deriveShareKeys(
  link: { id: string; secret: string },
  password: string | null,
): Promise<ShareKeys> {
  const id = fromBase64Url(link.id, ID_BYTES);
  const secret = fromBase64Url(link.secret, SECRET_BYTES);
  if (!id || !secret) throw new AppError('SHARE_LINK_INVALID', 'The link is not whole.');
  const material = password ? concat(secret, await stretchPassword(password, id)) : secret;
  const base = await crypto.subtle.importKey('raw', material, 'HKDF', false, [
    'deriveBits',
    'deriveKey',
  ]);
  const hkdf = (info: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: id,
    info: new TextEncoder().encode(info),
  });
  const aesKey = (info: string) =>
    crypto.subtle.deriveKey(hkdf(info), base, { name: 'AES-GCM', length: KEY_BITS }, false, [
      'encrypt',
      'decrypt',
    ]);
  const [document, audio, live, auth] = await Promise.all([
    aesKey(INFO.document),
    aesKey(INFO.audio),
    aesKey(INFO.live),
    crypto.subtle.deriveBits(hkdf(INFO.auth), base, KEY_BITS),
  ]);
  return { document, audio, live, auth: toBase64Url(new Uint8Array(auth)) };
}

/** SHA-256, base64url: what the server keeps of a link's id and of its auth key. */
export async function hashOf(value: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(value));
  return toBase64Url(new Uint8Array(digest));
}

/** The same password typed on another keyboard may come in another form of Unicode: NFKC is one. */
async function stretchPassword(password: string, id: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const key = await crypto.subtle.importKey(
    'raw',
    encode(password.normalize('NFKC')),
    'PBKDF2',
    false,
    ['deriveBits'],
  );
  const salt = concat(encode(INFO.password), id);
  const bits = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: PASSWORD_ROUNDS },
    key,
    KEY_BITS,
  );
  return new Uint8Array(bits);
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
