import { CHUNK_BYTES, HEADER_BYTES, TAG_BYTES } from '@/lib/contracts';
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

/** What is in an envelope: one kind never passes for the other. */
export type EnvelopeKind = 'document' | 'audio';

/** `A2T` and the version of this format. */
const NAME = [0x41, 0x32, 0x54] as const;
const VERSION = 1;
const FORMAT = [...NAME, VERSION] as const;
const KINDS: Record<EnvelopeKind, number> = { document: 1, audio: 2 };

/** Behind the format and the kind: random bytes that all nonces of an envelope begin with. */
const PREFIX_AT = FORMAT.length + 1;

/** For AES-GCM: the prefix, the chunk's number, and whether it is the last one. */
const NONCE_BYTES = 12;
const COUNTER_AT = 7;
const FINAL_AT = 11;

/**
 * Seals bytes chunk by chunk with AES-GCM (the STREAM construction): a chunk's nonce says which one
 * it is and whether it is the last, and the header is authenticated with each. So what was changed,
 * cut off, put into another order or taken from another envelope cannot be opened.
 * @param key seals this one envelope only
 */
export function sealStream(
  key: CryptoKey,
  kind: EnvelopeKind,
): TransformStream<Uint8Array, Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(HEADER_BYTES);
  header.set([...FORMAT, KINDS[kind]]);
  crypto.getRandomValues(header.subarray(PREFIX_AT));
  const blocks = new Blocks(CHUNK_BYTES);
  const nonces = nonceCounter(header);
  const seal = async (chunk: Uint8Array<ArrayBuffer>, final: boolean) =>
    new Uint8Array(await crypto.subtle.encrypt(nonces(final), key, chunk));
  return new TransformStream({
    start: (out) => out.enqueue(header),
    async transform(bytes, out) {
      for (const chunk of blocks.push(bytes)) out.enqueue(await seal(chunk, false));
    },
    async flush(out) {
      out.enqueue(await seal(blocks.last(), true));
    },
  });
}

/**
 * Opens what `sealStream` made. The output comes from a key holder, but is known to be complete only when
 * the stream has ended.
 * @throws AppError SHARE_TOO_NEW for the format of a later version, SHARE_DECRYPT_FAILED (both error
 * the stream)
 */
export function openStream(
  key: CryptoKey,
  kind: EnvelopeKind,
): TransformStream<Uint8Array, Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(HEADER_BYTES);
  let headerFilled = 0;
  const blocks = new Blocks(CHUNK_BYTES + TAG_BYTES);
  const nonces = nonceCounter(header);

  const open = async (chunk: Uint8Array<ArrayBuffer>, final: boolean) => {
    try {
      return new Uint8Array(await crypto.subtle.decrypt(nonces(final), key, chunk));
    } catch (cause) {
      throw new AppError('SHARE_DECRYPT_FAILED', 'A chunk is not what was sealed.', { cause });
    }
  };
  const checkHeader = () => {
    const wanted = [...FORMAT, KINDS[kind]];
    const isOurs = NAME.every((byte, at) => header[at] === byte);
    if (isOurs && headerFilled === HEADER_BYTES && (header[NAME.length] ?? 0) > VERSION)
      throw new AppError('SHARE_TOO_NEW', `The envelope has version ${header[NAME.length]}.`);
    if (headerFilled < HEADER_BYTES || wanted.some((byte, at) => header[at] !== byte))
      throw new AppError('SHARE_DECRYPT_FAILED', `This is not an envelope of kind "${kind}".`);
  };

  return new TransformStream({
    async transform(bytes, out) {
      let rest = bytes;
      if (headerFilled < HEADER_BYTES) {
        const taken = bytes.subarray(0, HEADER_BYTES - headerFilled);
        header.set(taken, headerFilled);
        headerFilled += taken.length;
        rest = bytes.subarray(taken.length);
        if (headerFilled === HEADER_BYTES) checkHeader();
      }
      for (const chunk of blocks.push(rest)) out.enqueue(await open(chunk, false));
    },
    async flush(out) {
      checkHeader();
      out.enqueue(await open(blocks.last(), true));
    },
  });
}

/** Gives the parameters of one chunk after the other. @param header read when a chunk is due */
function nonceCounter(header: Uint8Array<ArrayBuffer>): (final: boolean) => AesGcmParams {
  let counter = 0;
  return (final) => {
    const iv = new Uint8Array(NONCE_BYTES);
    iv.set(header.subarray(PREFIX_AT));
    new DataView(iv.buffer).setUint32(COUNTER_AT, counter);
    iv[FINAL_AT] = final ? 1 : 0;
    counter += 1;
    return { name: 'AES-GCM', iv, additionalData: header };
  };
}

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

  /** Takes bytes. Yields each block that more bytes follow: copies, free to keep. */
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
