import 'server-only';
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import type { LimitFunction } from 'p-limit';
import pLimit from 'p-limit';
import { ACCOUNT_LIMITS, normaliseEmail, normalisePassword } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { database, databaseExists } from '@/lib/server/db';
import { consume } from '@/lib/server/limits';
import { processSingleton } from '@/lib/server/process';
import { findByEmail } from './users';

/** 32 MiB and about a tenth of a second for each guess. */
const COST = { N: 2 ** 15, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** A stored hash may name other costs than today's, within reason. */
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;
/** Hashes at a time: they share the thread pool with every file that is read. */
const AT_ONCE = 2;
/** More than that would wait longer than anyone does. */
const MAX_WAITING = 20;

/** What nobody's password is: checking it takes as long as checking a real one. */
const DUMMY_HASH = `scrypt$${COST.N}$${COST.r}$${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

function derive(password: string, salt: Buffer, bytes: number, cost: ScryptOptions) {
  const lane = processSingleton<LimitFunction>('passwords', () => pLimit(AT_ONCE));
  if (lane.pendingCount >= MAX_WAITING)
    throw new AppError('SERVER_BUSY', 'Too many passwords are being checked at once.');
  return lane(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        scrypt(
          normalisePassword(password),
          salt,
          bytes,
          { ...cost, maxmem: MAX_MEMORY_BYTES },
          (error, key) => (error ? reject(error) : resolve(key)),
        );
      }),
  );
}

/**
 * The form in which a password is stored: `scrypt$N$r$p$salt$key`, base64url.
 * @throws SERVER_BUSY when too many wait for theirs
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, KEY_BYTES, COST);
  const { N, r, p } = COST;
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether a password is the stored one. `null` stands for an account that is not there or has none:
 * that takes as long as a real check and is always `false`.
 * @throws SERVER_BUSY when too many wait for theirs; UNKNOWN for a hash that cannot be read
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [scheme, N, r, p, salt, key] = (stored ?? DUMMY_HASH).split('$');
  if (scheme !== 'scrypt' || !salt || !key)
    throw new AppError('UNKNOWN', 'A stored password hash has another form.');
  const expected = Buffer.from(key, 'base64url');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const derived = await derive(password, Buffer.from(salt, 'base64url'), expected.length, cost);
  return timingSafeEqual(derived, expected) && stored !== null;
}

/** Tries from one address: a household or an office, or somebody who tries many accounts. */
const BY_ADDRESS = { max: 30, windowS: 15 * 60 };
/** Tries at one account, from wherever they come. */
const BY_ACCOUNT = { max: 10, windowS: 15 * 60 };

/**
 * The user whose address and password these are, or `null`. Every try counts, a right one too; an
 * address nobody has counts, answers and takes as long as one with a wrong password.
 * @param address where the try comes from; it is counted first, so that an address that is held back
 * does not hold accounts back
 * @throws RATE_LIMITED; SERVER_BUSY when tries cannot be counted: then nobody is let in
 */
export async function checkPassword(
  email: string,
  password: string,
  address: string,
): Promise<string | null> {
  const wanted = normaliseEmail(email.slice(0, ACCOUNT_LIMITS.emailChars * 2));
  await consume('sign-in.address', address, BY_ADDRESS);
  await consume('sign-in.account', wanted, BY_ACCOUNT);
  const user = databaseExists() ? await findByEmail((await database()).db, wanted) : null;
  const isRight = await verifyPassword(password, user?.passwordHash ?? null);
  return user && isRight ? user.id : null;
}
