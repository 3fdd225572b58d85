import { linksApi } from '@/lib/contracts';
import {
  acceptInvitation,
  deviceOf,
  endSession,
  hashPassword,
  readOpenInvitation,
  signedIn,
} from '@/lib/server/accounts';
import { database } from '@/lib/server/db';
import { route } from '@/lib/server/http';

/** Makes the account that a link is for, and signs this browser in. */
export const POST = route({
  ...linksApi.acceptInvitation,
  name: 'invitations.accept',
  limit: { max: 20, windowS: 15 * 60, by: 'address' },
  async handle({ request, body: { token, account }, session }) {
    const { password, ...rest } = account;
    // a wrong link does not cost a hash
    await readOpenInvitation(token);
    // a failure of this must not use up the invitation
    const before = await session();
    const passwordHash = await hashPassword(password);
    const claims = await acceptInvitation(token, { ...rest, passwordHash }, deviceOf(request));
    // the cookie of the user who was signed in here is replaced
    if (before) await endSession((await database()).db, before.user.id, before.sessionId);
    return signedIn(claims);
  },
});
