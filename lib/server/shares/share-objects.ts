import 'server-only';
import { createHash } from 'node:crypto';
import { and, gt, isNull, sql } from 'drizzle-orm';
import pLimit from 'p-limit';
import { partCount } from '@/lib/contracts';
import { shares } from '@/lib/server/db';
import { objectStore } from '@/lib/server/objects';

export type ShareRow = typeof shares.$inferSelect;

/** What can still be opened, or still be uploaded. */
export const isAlive = and(isNull(shares.revokedAt), gt(shares.expiresAt, sql`now()`));

/** Where all ciphertext lies. */
const FOLDER = 'shares';

/** Objects of one share that are deleted at a time. */
const DELETE_AT_ONCE = 8;

/** SHA-256, base64url: what is kept of ids and auth keys. */
export function shareHash(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}

/** A share in the log: enough to tell two apart, too little to look one up by. */
export function shortName(idHash: string): string {
  return idHash.slice(0, 6);
}

/** The folder of every share whose hash begins with this character of base64url. */
export function shardPrefix(character: string): string {
  return `${FOLDER}/${character}/`;
}

/** What the keys of a share's ciphertext begin with. */
export function sharePrefix(idHash: string): string {
  return `${shardPrefix(idHash.slice(0, 1))}${idHash}/`;
}

/** The sealed document. */
export function documentKey(idHash: string): string {
  return `${sharePrefix(idHash)}document`;
}

/** A part of the sealed audio, from 0. */
export function partKey(idHash: string, part: number): string {
  return `${sharePrefix(idHash)}audio-${part}`;
}

/** Whose ciphertext an object is; `null` for an object that is not one. */
export function idHashOfKey(key: string): string | null {
  return /^shares\/[\w-]\/([\w-]{43})\/[^/]+$/.exec(key)?.[1] ?? null;
}

/** Every object that a whole share has, with its size. */
export function objectsOf(share: {
  idHash: string;
  documentBytes: number;
  audioBytes: number;
}): string[] {
  const parts = Array.from({ length: partCount(share.audioBytes) }, (_, part) =>
    partKey(share.idHash, part),
  );
  return [documentKey(share.idHash), ...parts];
}

/**
 * Removes objects; those that are gone already are fine.
 * @throws SERVER_BUSY when the store cannot do it now
 */
export async function deleteObjects(keys: readonly string[], signal: AbortSignal): Promise<void> {
  const limit = pLimit(DELETE_AT_ONCE);
  await Promise.all(keys.map((key) => limit(() => objectStore().delete(key, { signal }))));
}
