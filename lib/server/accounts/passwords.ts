import 'server-only';
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import pLimit, { type LimitFunction } from 'p-limit';
import { normalisePassword } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { onceInProcess } from '@/lib/server/process';

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
  const lane = onceInProcess<LimitFunction>('passwords', () => pLimit(AT_ONCE));
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
  const given = await derive(password, Buffer.from(salt, 'base64url'), expected.length, cost);
  return timingSafeEqual(given, expected) && stored !== null;
}
