import 'server-only';
import { AppError } from '@/lib/core';

export interface ObjectCallOptions {
  signal?: AbortSignal;
}

export interface StoredObject {
  /** Errors when it ends before `sizeBytes`; cancel it when it is not read to its end. */
  body: ReadableStream<Uint8Array>;
  sizeBytes: number;
}

/** Where and how a browser sends one object to the store itself. */
export interface UploadAddress {
  url: string;
  /** To be sent as they are: they are signed. */
  headers: Record<string, string>;
}

export interface ListedObject {
  key: string;
  sizeBytes: number;
  modifiedAt: Date;
}

/**
 * Where bytes lie under keys such as `shares/ab12/document`. Every failure is SERVER_BUSY (try again
 * later), ABORTED (by the caller's signal), BAD_REQUEST (a key that is not one) or UNKNOWN.
 */
export interface ObjectStore {
  /** Resolves once the object is there for good, whole; writes over what was there. */
  put(
    key: string,
    body: Uint8Array,
    options?: ObjectCallOptions & { mediaType?: string },
  ): Promise<void>;
  /**
   * The same for a body that comes piece by piece and may be larger than memory; its size need not be
   * known. Nothing is there under the key when the source or the store fails.
   */
  putStream(
    key: string,
    source: AsyncIterable<Uint8Array>,
    options?: ObjectCallOptions & { mediaType?: string },
  ): Promise<void>;
  /** `null` only when the store itself says that there is no such key. */
  get(key: string, options?: ObjectCallOptions): Promise<StoredObject | null>;
  /** Nothing is there afterwards, whether or not something was. */
  delete(key: string, options?: ObjectCallOptions): Promise<void>;
  /**
   * An address at which a browser may put this one object for a while: under this key, of this size and
   * content, and nothing else. `null`: browsers do not reach the store.
   * @param facts the content's SHA-256, hexadecimal, its size, and how long the address is to hold
   */
  uploadAddress(
    key: string,
    facts: { sha256: string; sizeBytes: number; lifetimeS: number },
  ): Promise<UploadAddress | null>;
  /** Every object whose key begins with `prefix`, in no order that counts. */
  list(prefix: string, options?: ObjectCallOptions): AsyncIterable<ListedObject>;
  /** Resolves when the store answers and lets us in. */
  ping(signal: AbortSignal): Promise<void>;
}

const MAX_KEY_CHARS = 512;

/**
 * Checks a key: parts of letters, digits, `.`, `_` and `-`, joined by slashes; no part is `.` or `..`.
 * @throws BAD_REQUEST
 */
export function checkKey(key: string): void {
  const parts = key.split('/');
  const isKey =
    key.length <= MAX_KEY_CHARS &&
    parts.every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part));
  if (!isKey) throw new AppError('BAD_REQUEST', 'This is not the key of an object.');
}
