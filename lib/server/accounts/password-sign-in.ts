import 'server-only';
import { ACCOUNT_LIMITS, normaliseEmail } from '@/lib/contracts';
import { database, databaseExists } from '@/lib/server/db';
import { hit } from '@/lib/server/limits';
import { verifyPassword } from './passwords';
import { findByEmail } from './users';

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
  await hit('sign-in.address', address, BY_ADDRESS);
  await hit('sign-in.account', wanted, BY_ACCOUNT);
  const user = databaseExists() ? await findByEmail((await database()).db, wanted) : null;
  const isRight = await verifyPassword(password, user?.passwordHash ?? null);
  return user && isRight ? user.id : null;
}
