import { z } from 'zod';
import { linkToken, newAccount } from '@/lib/contracts/accounts';
import { acceptInvitation, readOpenInvitation } from '@/lib/server/accounts/invitations';
import { hashPassword } from '@/lib/server/accounts/passwords';
import { deviceOf, endSession } from '@/lib/server/accounts/sessions';
import { signedIn } from '@/lib/server/accounts/signed-in';
import { database } from '@/lib/server/db/database';
import { route } from '@/lib/server/http/route';

/** Makes the account that a link is for, and signs this browser in. */
export const POST = route({
  name: 'invitations.accept',
  session: 'open',
  body: z.object({ token: linkToken, account: newAccount }),
  limit: { max: 20, windowS: 15 * 60, by: 'address' },
  async handle({ request, body: { token, account }, user, sessionId }) {
    const { password, ...rest } = account;
    // a wrong link does not cost a hash
    await readOpenInvitation(token);
    const passwordHash = await hashPassword(password);
    const claims = await acceptInvitation(token, { ...rest, passwordHash }, deviceOf(request));
    // the cookie of whoever was signed in here is replaced
    if (user && sessionId !== null) await endSession((await database()).db, user.id, sessionId);
    return signedIn(claims);
  },
});
