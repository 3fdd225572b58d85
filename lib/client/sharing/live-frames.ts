import { type CaptionFrame, captionFrameSchema } from '@/lib/client/captions';
import type { LiveFrame } from '@/lib/contracts';
import { AppError, base64UrlBytes, toAppError, toBase64Url } from '@/lib/core';

/** Authenticated with every frame: `A2T`, the version of this format, and a kind that envelopes do not have. */
const HEADER = new Uint8Array([0x41, 0x32, 0x54, 1, 3]);

/** For AES-GCM: seven zeros, the frame's number, and whether it is the last one. */
const NONCE_BYTES = 12;
const COUNTER_AT = 7;
const FINAL_AT = 11;

/**
 * Seals a frame. Its nonce says which one it is and whether it is the last: what was changed, repeated, left out or
 * put into another order cannot be opened.
 * @param key of one link; no two frames of it may have the same number
 */
export async function sealFrame(
  key: CryptoKey,
  n: number,
  isLast: boolean,
  frame: CaptionFrame,
): Promise<LiveFrame> {
  const bytes = new TextEncoder().encode(JSON.stringify(frame));
  const sealed = await crypto.subtle.encrypt(parameters(n, isLast), key, bytes);
  return { n, isLast, payload: toBase64Url(new Uint8Array(sealed)) };
}

/**
 * Opens the frame that comes next.
 * @param n its number, as the follower counts
 * @throws AppError SHARE_DECRYPT_FAILED for any other frame; SHARE_TOO_NEW for one of a later version
 */
export async function openFrame(
  key: CryptoKey,
  n: number,
  { isLast, payload }: LiveFrame,
): Promise<CaptionFrame> {
  try {
    const sealed = base64UrlBytes(payload);
    const bytes = await crypto.subtle.decrypt(parameters(n, isLast), key, sealed);
    const frame: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const version = frame && typeof frame === 'object' && 'version' in frame ? frame.version : null;
    if (typeof version === 'number' && version > 1)
      throw new AppError('SHARE_TOO_NEW', `The frame has version ${version}.`);
    return captionFrameSchema.parse(frame);
  } catch (cause) {
    throw toAppError(cause, 'SHARE_DECRYPT_FAILED');
  }
}

function parameters(n: number, isLast: boolean): AesGcmParams {
  const iv = new Uint8Array(NONCE_BYTES);
  new DataView(iv.buffer).setUint32(COUNTER_AT, n);
  iv[FINAL_AT] = isLast ? 1 : 0;
  return { name: 'AES-GCM', iv, additionalData: HEADER };
}
