import 'server-only';
import { timingSafeEqual } from 'node:crypto';
import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { AUTH_SCHEME } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { database, databaseExists, shares } from '@/lib/server/db';
import { assertNotExhausted, consume, type Limit } from '@/lib/server/limits';
import { objectStore, type StoredObject } from '@/lib/server/objects';
import { log } from '@/lib/server/process';
import {
  documentKey,
  isAlive,
  partKey,
  type ShareRow,
  shareHash,
  shortName,
} from './share-objects';

/** Wrong passwords that are answered, for one link and for one address over all links. */
const LINK_TRIES: Limit = { max: 10, windowS: 900 };
const ADDRESS_TRIES: Limit = { max: 60, windowS: 900 };
const TRY = 'shares.password';

/** Compared with when there is nothing to compare with, so that this takes as long. */
const NO_HASH = shareHash('no share');

/** What a reader shows. */
export interface ReaderCredentials {
  /** The id of the link; anything that somebody made up. */
  id: string;
  /** Of the `authorization` header. */
  authKey: string;
  /** The client. */
  address: string;
}

/** The auth key that a request shows; empty when it shows none, which opens nothing. */
export function authKeyOf(request: Request): string {
  const [scheme, key = ''] = (request.headers.get('authorization') ?? '').split(' ');
  return scheme === AUTH_SCHEME ? key : '';
}

/**
 * The share behind a link, for a key holder. Others learn nothing about it: unknown,
 * expired, revoked and unfinished shares, those of the other kind, and a wrong key to one without a password, are one answer
 * after the same work.
 * @throws NOT_FOUND; FORBIDDEN for a wrong password; RATE_LIMITED after too many of them
 */
export async function authoriseReader(
  { id, authKey, address }: ReaderCredentials,
  kind: ShareRow['kind'] = 'document',
): Promise<ShareRow> {
  const idHash = shareHash(id);
  const row = await findOpenable(idHash, kind);
  const isRight = sameHash(shareHash(authKey), row?.authHash ?? NO_HASH) && row !== null;
  if (row?.hasPassword) await countTry(idHash, address, isRight);
  if (row === null || !isRight) throw new AppError('NOT_FOUND', 'This link is not available.');
  return row;
}

async function findOpenable(idHash: string, kind: ShareRow['kind']): Promise<ShareRow | null> {
  // without a database there is no share; none is made to look for one
  if (!databaseExists()) return null;
  const { db } = await database();
  const [row] = await db
    .select()
    .from(shares)
    .where(
      and(eq(shares.idHash, idHash), eq(shares.kind, kind), isNotNull(shares.completedAt), isAlive),
    );
  return row ?? null;
}

/**
 * Counts a wrong password, and refuses the right one, too, when there were too many: else tries could
 * go on. The tries at a link come one after the other, so that many at the same moment are no way
 * around the limit.
 */
async function countTry(idHash: string, address: string, isRight: boolean): Promise<void> {
  const opened = await database();
  await opened.transaction(async (tx) => {
    await tx
      .select({ idHash: shares.idHash })
      .from(shares)
      .where(eq(shares.idHash, idHash))
      .for('update');
    await assertNotExhausted(TRY, idHash, LINK_TRIES, tx);
    await assertNotExhausted(TRY, address, ADDRESS_TRIES, tx);
    if (isRight) return;
    await consume(TRY, idHash, LINK_TRIES, tx);
    await consume(TRY, address, ADDRESS_TRIES, tx);
  });
  if (!isRight) throw new AppError('FORBIDDEN', 'The password is wrong.');
}

function sameHash(first: string, second: string): boolean {
  return timingSafeEqual(Buffer.from(first), Buffer.from(second));
}

/**
 * The sealed document of a visited share; that it was opened is counted.
 * @throws SERVER_BUSY, UNKNOWN when it is not in the store
 */
export async function openDocument(row: ShareRow, signal: AbortSignal): Promise<StoredObject> {
  const object = await ciphertext(documentKey(row.idHash), row.idHash, signal);
  try {
    await countOpening(row);
  } catch (error) {
    await object.body.cancel();
    throw error;
  }
  return object;
}

/** Counts that a visited share was opened. */
export async function countOpening({ idHash }: ShareRow): Promise<void> {
  const { db } = await database();
  await db
    .update(shares)
    .set({ opens: sql`${shares.opens} + 1`, lastOpenedAt: sql`now()` })
    .where(eq(shares.idHash, idHash));
}

/** A part of the sealed audio of a visited share. @throws NOT_FOUND when it has no such part */
export function openPart(row: ShareRow, part: number, signal: AbortSignal): Promise<StoredObject> {
  if (part >= row.audioParts) throw new AppError('NOT_FOUND', 'This link is not available.');
  return ciphertext(partKey(row.idHash, part), row.idHash, signal);
}

async function ciphertext(key: string, idHash: string, signal: AbortSignal): Promise<StoredObject> {
  const object = await objectStore().get(key, { signal });
  if (object) return object;
  log('error', 'shares.ciphertext_missing', { share: shortName(idHash) });
  throw new AppError('UNKNOWN', 'The ciphertext of a share is not in the store.');
}
