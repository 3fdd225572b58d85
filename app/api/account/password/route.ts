import { z } from 'zod';
import { givenPassword, newPassword } from '@/lib/contracts/accounts';
import { changePassword } from '@/lib/server/accounts/password-change';
import { route } from '@/lib/server/http/route';

/** Changes the user's own password; they are signed out everywhere else. */
export const POST = route({
  name: 'account.password',
  session: 'user',
  body: z.object({ current: givenPassword, next: newPassword }),
  limit: { max: 10, windowS: 15 * 60 },
  async handle({ user, sessionId, body }) {
    await changePassword(user.id, sessionId, body);
    return null;
  },
});
